/** An object of a document, unchanged. */
export type ReadonlyJsonObject = Readonly<Record<string, unknown>>;

/** A JSON object: not an array, not null. */
export function isJsonObject(value: unknown): value is ReadonlyJsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own member of that name. Never a member of the prototype. */
export function member(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The member if it is an object, else an empty one. */
export function objectAt(value: unknown, name: string): ReadonlyJsonObject {
  const found = member(value, name);
  return isJsonObject(found) ? found : {};
}

/** The member if it is a list, else an empty one. */
export function listAt(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

/** The member if it is a text. */
export function stringAt(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}
