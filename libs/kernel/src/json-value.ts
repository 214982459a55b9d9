/** Any value that JSON text can hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export type JsonObject = { [name: string]: JsonValue };

/**
 * Whether a value is a plain object, as an object literal or `JSON.parse` creates it, and not a class instance. The
 * check uses the length of the prototype chain, so it accepts objects from another realm (a `vm` context, a test
 * runner).
 */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
