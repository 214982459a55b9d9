import type { Attempt } from '@action-mesh/egress';

import type { ProviderRequest } from '../../application/tools.port.js';
import type { StaticCredential } from '../../domain/static-credential.js';

const mask = '[credential]';

/** A request with a part of its credential. Its digest, intent and stored text exist already, without the credential. */
export function withPlace(
  request: ProviderRequest,
  { in: place, name, value }: StaticCredential['place'],
): ProviderRequest {
  if (place === 'query') return { ...request, url: withParameter(request.url, name, value) };
  const lower = name.toLowerCase();
  const others = Object.entries(request.headers).filter(([known]) => known.toLowerCase() !== lower);
  return { ...request, headers: { ...Object.fromEntries(others), [lower]: value } };
}

/** Sets one parameter of a URL and keeps the spelling of all others. */
function withParameter(url: string, name: string, value: string): string {
  const { origin, pathname, search } = new URL(url);
  const others = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has(name));
  const own = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return `${origin}${pathname}?${[...others, own].join('&')}`;
}

/** The answer with a mask in each place where the provider repeats the credential. */
export function withoutCredential(attempt: Attempt, { secrets }: Pick<StaticCredential, 'secrets'>): Attempt {
  if (attempt.kind !== 'response') return attempt;
  const masked = (text: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, mask), text);
  const headers = Object.entries(attempt.headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? masked(value) : value?.map(masked),
  ]);
  const repeats = secrets.some((secret) => attempt.body.includes(secret));
  return {
    ...attempt,
    headers: Object.fromEntries(headers) as typeof attempt.headers,
    // One character stands for one byte, so every other byte stays as it is.
    ...(repeats ? { body: Buffer.from(masked(attempt.body.toString('latin1')), 'latin1') } : {}),
  };
}
