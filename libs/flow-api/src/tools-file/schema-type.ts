import type { JsonObject, JsonValue } from '@action-mesh/kernel';

/** A type nested deeper is written as `Dynamic`. */
const deepest = 6;
const identifier = /^[A-Za-z_$][\w$]*$/;

const simple: ReadonlyMap<string, string> = new Map([
  ['string', 'string'],
  ['integer', 'number'],
  ['number', 'number'],
  ['boolean', 'boolean'],
  ['null', 'null'],
]);

/** The TypeScript type of a JSON Schema. Parts that it cannot express are `Dynamic`; the mesh checks every argument. */
export function schemaType(schema: JsonValue | undefined, depth = 0): string {
  if (schema === undefined || typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return 'Dynamic';
  }
  if (depth > deepest) return 'Dynamic';
  const { type } = schema;
  if (Array.isArray(type)) {
    return [...new Set(type.map((one) => schemaType({ ...schema, type: one }, depth)))].join(' | ');
  }
  if (type === 'array') return `readonly (${schemaType(schema['items'], depth + 1)})[]`;
  if (type === 'object') return objectType(schema, depth);
  return (typeof type === 'string' ? simple.get(type) : undefined) ?? 'Dynamic';
}

function objectType(schema: JsonObject, depth: number): string {
  const { properties, required, additionalProperties } = schema;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    return additionalProperties === undefined || typeof additionalProperties === 'boolean'
      ? 'Dynamic'
      : `Readonly<Record<string, ${schemaType(additionalProperties, depth + 1)}>>`;
  }
  const needed = new Set(Array.isArray(required) ? required : []);
  const members = Object.entries(properties).map(([name, member]) => {
    const key = identifier.test(name) ? name : JSON.stringify(name);
    return `readonly ${key}${needed.has(name) ? '' : '?'}: ${schemaType(member, depth + 1)}`;
  });
  if (members.length === 0) return 'Readonly<Record<string, never>>';
  return `{ ${members.join('; ')} }`;
}
