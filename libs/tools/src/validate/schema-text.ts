import { isObject } from './json-object.js';
import type { JsonSchema } from './json-schema.js';
import { step } from './own-keywords.js';
import { list, shownValue } from './value-text.js';

/** `string (email)`: a short text that tells a reader how to supply a value of this schema. */
export function describeSchema(schema: unknown): string | undefined {
  if (!isObject(schema)) return undefined;
  const { type, format, enum: choices } = schema;
  if (Array.isArray(choices)) return `one of ${list(choices)}`;
  const name = typesText(type);
  return typeof format === 'string' && name !== undefined ? `${name} (${format})` : name;
}

/** `string or null`. */
export function typesText(type: unknown): string | undefined {
  if (Array.isArray(type)) return type.join(' or ');
  return typeof type === 'string' ? type : undefined;
}

/** The schema without counted steps, as its author wrote it. */
function withoutSteps(counted: JsonSchema): JsonSchema {
  const text = JSON.stringify(counted, (name, value: unknown) => (name === step ? undefined : value));
  return JSON.parse(text) as JsonSchema;
}

/** The requirement of a `not` schema: in words if it has one keyword, else with the schema itself. */
export function exclusion(excluded: unknown): string {
  if (!isObject(excluded)) return 'must not be given';
  const { title: _, description: _description, ...schema } = withoutSteps(excluded);
  const words = Object.keys(schema).length === 1 ? oneKeyword(schema) : undefined;
  return `must not ${words ?? `fit the schema ${shownValue(schema)}`}`;
}

function oneKeyword({
  type,
  const: value,
  enum: choices,
  pattern,
  format,
  required,
}: JsonSchema): string | undefined {
  if (type !== undefined) return `be of type ${typesText(type)}`;
  if (value !== undefined) return `be ${shownValue(value)}`;
  if (Array.isArray(choices)) return `be one of ${list(choices)}`;
  if (typeof pattern === 'string') return `match the pattern ${pattern}`;
  if (typeof format === 'string') return `be a valid ${format}`;
  return Array.isArray(required) ? `have ${required.map(shownValue).join(' together with ')}` : undefined;
}
