/** One member of a list of `RateLimit` or `RateLimit-Policy`. */
export interface QuotaItem {
  /** The name of the policy; empty in the older form, which had one policy without a name. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** The longest text that is read. No provider sends more. */
const maxLength = 1_024;

const item = /^(?:"([^"\\]*)"|([A-Za-z*][\w.*:/-]*))$/;
const parameter = /^([a-z*][a-z0-9_.*-]*)\s*=\s*(-?\d{1,15}(?:\.\d{1,3})?)$/;

/**
 * Reads the part of structured fields (RFC 9651) that the rate limit headers use: `"default";r=50;t=30, "day";r=0;t=1800`.
 * It also reads the form of older drafts, `limit=100, remaining=0, reset=30`. It skips unknown parts.
 */
export function quotaItems(text: string): QuotaItem[] {
  const items: QuotaItem[] = [];
  const unnamed: Record<string, number> = {};
  for (const member of text.slice(0, maxLength).split(',')) {
    const [first = '', ...rest] = member.split(';').map((part) => part.trim());
    const older = parameter.exec(first);
    if (older !== null) {
      unnamed[older[1] ?? ''] = Number(older[2]);
      continue;
    }
    const [, quoted, token] = item.exec(first) ?? [];
    const name = quoted ?? token;
    if (name === undefined) continue;
    const pairs = rest.flatMap((part) => {
      const [, key, value] = parameter.exec(part) ?? [];
      return key === undefined ? [] : [[key, Number(value)] as const];
    });
    items.push({ name, parameters: Object.fromEntries(pairs) });
  }
  return Object.keys(unnamed).length > 0 ? [...items, { name: '', parameters: unnamed }] : items;
}
