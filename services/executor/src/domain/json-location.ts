/** The value at a JSON pointer (RFC 6901). `misfit`: the document has another shape than the pointer requires. */
export type JsonLocation =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'misfit' };

const nothing: JsonLocation = { kind: 'nothing' };
const misfit: JsonLocation = { kind: 'misfit' };

/**
 * Follows a pointer. Nothing is where a member or an item is missing, or where null, false or something empty stands in its
 * way. A pointer that leads into a text, a number or `true`, or by a name into a list, is a misfit: nothing can be concluded.
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
