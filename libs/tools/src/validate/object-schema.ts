import { isObject } from './json-object.js';
import type { JsonSchema } from './json-schema.js';

/** Keywords with schemas for the same value as their own schema. */
export const inPlaceLists = ['allOf', 'anyOf', 'oneOf'] as const;
export const inPlaceSingles = ['if', 'then', 'else'] as const;

/** The declared names of an object, each with every schema for it. References lead into `root`. */
export function declaredProperties(object: JsonSchema, root: JsonSchema = object): Map<string, JsonSchema[]> {
  const declared = new Map<string, JsonSchema[]>();
  for (const schema of inPlaceSchemas(object, root)) {
    if (!isObject(schema['properties'])) continue;
    for (const [name, property] of Object.entries(schema['properties'])) {
      const resolved = isObject(property) ? [...inPlaceSchemas(property, root)] : [];
      declared.set(name, [...(declared.get(name) ?? []), ...resolved]);
    }
  }
  return declared;
}

/** Names in every valid value: required by the schema itself or by a part that always applies. */
export function requiredProperties(input: JsonSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const schema of inPlaceSchemas(input, input, ['allOf'], [])) {
    const required = schema['required'];
    if (!Array.isArray(required)) continue;
    for (const name of required) if (typeof name === 'string') names.add(name);
  }
  return names;
}

/** Whether the schema refuses unknown names. */
export function isClosed(input: JsonSchema): boolean {
  return input['additionalProperties'] === false || input['unevaluatedProperties'] === false;
}

export function schemaTypes(schema: JsonSchema): string[] {
  const type = schema['type'];
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter((name) => typeof name === 'string');
  return isObject(schema['properties']) ? ['object'] : [];
}

/** The schema and all its parts for the same value, through unions, conditions and local references, each once. */
function inPlaceSchemas(
  schema: JsonSchema,
  root: JsonSchema,
  lists: readonly string[] = inPlaceLists,
  singles: readonly string[] = inPlaceSingles,
): Set<JsonSchema> {
  const found = new Set<JsonSchema>();
  const waiting: unknown[] = [schema];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (!isObject(next) || found.has(next)) continue;
    found.add(next);
    for (const keyword of lists) {
      const branches = next[keyword];
      if (Array.isArray(branches)) waiting.push(...(branches as unknown[]));
    }
    for (const keyword of singles) waiting.push(next[keyword]);
    if (typeof next['$ref'] === 'string') waiting.push(resolveLocal(root, next['$ref']));
  }
  return found;
}

/**
 * An index of a list in RFC 6901. JavaScript also accepts `''`, `0x0` and `1e0` as numbers, but here they lead
 * nowhere.
 */
const arrayIndex = /^(?:0|[1-9][0-9]*)$/;

/** The target of a reference such as `#/$defs/address`, or `undefined` if it leads nowhere. */
export function resolveLocal(root: JsonSchema, reference: string): unknown {
  const path = referencePath(reference);
  if (path === undefined) return undefined;
  let found: unknown = root;
  for (const name of path) {
    if (Array.isArray(found)) found = arrayIndex.test(name) ? found[Number(name)] : undefined;
    else if (isObject(found) && Object.hasOwn(found, name)) found = found[name];
    else return undefined;
  }
  return found;
}

/** The names and indexes in a reference within the document. Empty for the root. */
export function referencePath(reference: string): readonly string[] | undefined {
  if (reference === '#') return [];
  return reference.startsWith('#/') ? reference.slice(2).split('/').map(decodeToken) : undefined;
}

function decodeToken(token: string): string {
  let text = token;
  try {
    text = decodeURIComponent(token);
  } catch {
    // The name contains an invalid escape, so it is used unchanged.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
