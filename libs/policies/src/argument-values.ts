/** What a pointer leads to. Absent: no value is there. */
export type FoundValue = { readonly value: unknown } | undefined;

const arrayIndex = /^(?:0|[1-9]\d{0,8})$/;

/** The names on the way of an RFC 6901 pointer. */
export function pointerTokens(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at the end of a way. Only own members and items count, so no name leads to a prototype. */
export function argumentAt(root: unknown, tokens: readonly string[]): FoundValue {
  let value = root;
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && !arrayIndex.test(token)) return undefined;
    if (!Object.hasOwn(value, token)) return undefined;
    value = (value as Record<string, unknown>)[token];
  }
  return value === undefined ? undefined : { value };
}

const longestNumber = 400;
const numberText = /^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,6})?$/;

/** The exact text of a number: of a JSON number, or of a text that holds one. Undefined for every other value. */
export function decimalText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'string' || value.length > longestNumber) return undefined;
  return numberText.test(value) ? value : undefined;
}
