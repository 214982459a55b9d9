/** The value at a JSON pointer (RFC 6901). `misfit`: the shape of the document does not match the pointer. */
export type JsonLocation =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'misfit' };

const nothing: JsonLocation = { kind: 'nothing' };
const misfit: JsonLocation = { kind: 'misfit' };

/**
 * Follows a pointer. The value is absent when a member or an item is missing, or when null, false or an empty value
 * stands in its way. The result is a misfit, which proves nothing, when the pointer leads into a text, a number or
 * `true`, or by a name into a list.
 */
export function locationAt(root: unknown, pointer: string): JsonLocation {
  let value = root;
  for (const token of pointer.split('/').slice(1)) {
    if (!holdsSomething(value)) return nothing;
    if (typeof value !== 'object' || value === null) return misfit;
    if (Array.isArray(value)) {
      if (!/^(?:0|[1-9]\d{0,8})$/.test(token)) return misfit;
      if (Number(token) >= value.length) return nothing;
      value = value[Number(token)];
    } else {
      const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
      if (!Object.hasOwn(value, name)) return nothing;
      value = Reflect.get(value, name);
    }
  }
  return { kind: 'value', value };
}

/** True for any value except null, false, and empty texts, lists and objects. */
export function holdsSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
