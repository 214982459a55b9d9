/**
 * The value at a JSON pointer (RFC 6901) in a parsed document. Undefined: no own member is there. `''` is the whole
 * document.
 */
export function valueAt(pointer: string, document: unknown): unknown {
  let value = document;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    // An array has members that are no items, such as `length`.
    if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(name)) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** The text at a pointer. A number becomes a text, since many ids are numbers. Undefined for anything else. */
export function textAt(pointer: string, document: unknown): string | undefined {
  const value = valueAt(pointer, document);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}
