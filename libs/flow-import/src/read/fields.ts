import type { JsonObject, JsonValue } from '@action-mesh/kernel';

/** The object of a value, or an empty one. */
export function recordOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** An own member. Names of prototypes, such as `constructor`, find nothing. */
export function field(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const name of path) {
    const object = recordOf(found);
    found = Object.hasOwn(object, name) ? object[name] : undefined;
  }
  return found;
}

export function elementsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The text of a text or a number; undefined for anything else. */
export function plainTextOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** A member at a path such as `options.timeout`. */
export function fieldAt(value: JsonValue | undefined, path: string): JsonValue | undefined {
  return field(value, ...path.split('.'));
}

/** The value of a resource locator of n8n (`{ __rl, mode, value }`), or the value itself. */
export function located(value: JsonValue | undefined): JsonValue | undefined {
  return field(value, '__rl') === true ? field(value, 'value') : value;
}

/** Whether a value holds nothing: absent, null, an empty text, list or object. */
export function isBlank(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
