/** The account of a bearer token, from the server that issued it. Undefined: the server does not accept the token. */
export async function tokenAccountOf(
  authorization: string | undefined,
  checkUrl: string,
): Promise<string | undefined> {
  if (authorization === undefined) return undefined;
  try {
    const response = await fetch(checkUrl, { headers: { authorization } });
    const body: unknown = await response.json();
    if (!response.ok || typeof body !== 'object' || body === null) return undefined;
    // An OpenID provider calls it `sub`.
    const account: unknown = 'id' in body ? body.id : 'sub' in body ? body.sub : undefined;
    return typeof account === 'string' ? account : undefined;
  } catch {
    return undefined;
  }
}
