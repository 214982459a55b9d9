/** Any value that JSON text can hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export type JsonObject = { [name: string]: JsonValue };

/**
 * Whether a value is a bare object, as an object literal or `JSON.parse` makes it, and no class instance. Told by the
 * length of its prototype chain, so that an object from another realm (a `vm` context, a test runner) is one too.
 */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
