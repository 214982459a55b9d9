const ours = ['connect_session', 'completion', 'error'];

/**
 * The problem of a return address, or undefined for a good one. The address must begin with an allowed origin, written
 * exactly so, because two programs may read an odd address differently.
 */
export function returnUrlProblem(url: string, allowed: readonly string[]): string | undefined {
  if (!/^[\x21-\x7e]*$/.test(url) || url.includes('\\'))
    return 'must hold printable ASCII without backslashes';
  const origin = allowed.find(
    (each) => url === each || [`${each}/`, `${each}?`].some((beginning) => url.startsWith(beginning)),
  );
  if (origin === undefined)
    return 'must begin with an origin in return_origins of the integration, in the same letters';
  if (!URL.canParse(url)) return 'must be a whole address';
  const parsed = new URL(url);
  if (parsed.origin !== origin || parsed.username !== '' || parsed.password !== '')
    return 'must lead to an origin in return_origins of the integration';
  if (parsed.hash !== '') return 'must have no fragment';
  const taken = ours.find((name) => parsed.searchParams.has(name));
  return taken === undefined ? undefined : `must not have the parameter ${taken}`;
}

/** The return address with the result of its session. */
export function returnTo(url: string, result: Readonly<Record<string, string>>): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(result)) address.searchParams.set(name, value);
  return address.href;
}
