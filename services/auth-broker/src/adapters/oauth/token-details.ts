/** The most bytes of details. */
const mostBytes = 20_000;
const mostDepth = 8;

/** A member with a credential, by its name: `access_token`, `botToken`, `client_secret`, `password`. */
const isSecretName = (name: string): boolean =>
  /(token|secret|password|assertion|api_?key|private_?key)$/i.test(name);

/**
 * The members of a token answer that are no credential. Members with names of credentials, and every value that equals a
 * token, are left out. Of a longer answer, only the first members that fit stay.
 */
export function tokenDetails(
  body: unknown,
  tokens: readonly (string | undefined)[],
  added: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const secrets = new Set(tokens.filter((token) => token !== undefined));
  const details: Record<string, unknown> = {};
  let left = mostBytes - 2;
  for (const [name, value] of [...Object.entries(added), ...membersOf(without(body, secrets, 0))]) {
    if (value === undefined || Object.hasOwn(details, name)) continue;
    const size = Buffer.byteLength(JSON.stringify({ [name]: value }));
    if (size > left) continue;
    left -= size;
    details[name] = value;
  }
  return details;
}

function without(value: unknown, secrets: ReadonlySet<string>, depth: number): unknown {
  if (typeof value === 'string') return secrets.has(value) ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (depth >= mostDepth) return undefined;
  if (Array.isArray(value))
    return value.map((item) => without(item, secrets, depth + 1)).filter((item) => item !== undefined);
  // `simple-oauth2` adds a date.
  if (typeof value !== 'object' || value instanceof Date) return undefined;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !isSecretName(name))
      .map(([name, item]) => [name, without(item, secrets, depth + 1)])
      .filter(([, item]) => item !== undefined),
  );
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
