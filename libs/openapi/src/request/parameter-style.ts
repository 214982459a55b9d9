import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, listAt, member, stringAt } from '../json-object.js';
import type { DeclaredParameter } from './parameter-list.js';
import { ValueTypes } from './value-types.js';

/**
 * The style of a parameter in the tool, absent for the default. Otherwise the reason that the mesh cannot write it.
 */
export type StyleResult =
  | { readonly ok: true; readonly style?: 'comma' | 'space' | 'pipe' | 'deep_object' }
  | { readonly ok: false; readonly message: string };

const plain: StyleResult = { ok: true };
/** The most schemas that are visited, through references and compositions. */
const mostLookedAt = 1_000;

/** OpenAPI's `style` and `explode`, with their defaults in each place, in the terms of a tool. */
export function parameterStyle(
  document: OpenApiDocument,
  { in: place, source }: DeclaredParameter,
): StyleResult {
  if (member(source, 'content') !== undefined) return unwritten('is written in a media type of its own');
  const schema = member(source, 'schema');
  const shapes = shapesOf(document, schema);
  const style = stringAt(source, 'style') ?? (place === 'query' ? 'form' : 'simple');
  const explode = member(source, 'explode');
  if (style === 'deepObject') {
    return shapes.has('object') || shapes.has('array')
      ? { ok: true, style: 'deep_object' }
      : unwritten('has the style "deepObject" and is neither an object nor a list');
  }
  if (shapes.has('object'))
    return unwritten(`puts the members of an object into the ${place} in the style "${style}"`);
  const items = itemShapesOf(document, schema);
  if (items.has('object') || items.has('array'))
    return unwritten(`puts a list of objects or of lists into the ${place}`);
  // A schema without a type is a list if a list can be written. In a path it hardly ever is one.
  const isList =
    shapes.has('array') || (place !== 'path' && new ValueTypes(document).meant(schema ?? {}).has('array'));
  switch (style) {
    case 'form':
      if (place !== 'query') break;
      return isList && explode === false ? { ok: true, style: 'comma' } : plain;
    case 'simple':
      if (place === 'query') break;
      return isList ? { ok: true, style: 'comma' } : plain;
    case 'spaceDelimited':
      return isList && explode !== true ? { ok: true, style: 'space' } : plain;
    case 'pipeDelimited':
      return isList && explode !== true ? { ok: true, style: 'pipe' } : plain;
  }
  return unwritten(`has the style "${style.slice(0, 30)}", which is not written in a ${place}`);
}

/**
 * The types of a schema, through references and compositions. A schema without a type counts by its members or items.
 */
export function shapesOf(document: OpenApiDocument, ...schemas: readonly unknown[]): Set<string> {
  const shapes = new Set<string>();
  for (const schema of sameValueSchemas(document, schemas)) {
    const type = member(schema, 'type');
    for (const name of Array.isArray(type) ? (type as unknown[]) : [type])
      if (typeof name === 'string') shapes.add(name);
    if (type !== undefined) continue;
    if (member(schema, 'properties') !== undefined) shapes.add('object');
    if (member(schema, 'items') !== undefined) shapes.add('array');
  }
  return shapes;
}

function itemShapesOf(document: OpenApiDocument, schema: unknown): Set<string> {
  const items = [...sameValueSchemas(document, [schema])].flatMap((each) => {
    const type = member(each, 'type');
    const isList = type === undefined || type === 'array' || (Array.isArray(type) && type.includes('array'));
    return isList ? [member(each, 'items'), ...listAt(each, 'prefixItems')] : [];
  });
  return shapesOf(document, ...items);
}

function sameValueSchemas(document: OpenApiDocument, schemas: readonly unknown[]): Set<unknown> {
  const seen = new Set<unknown>();
  const waiting = [...schemas];
  while (waiting.length > 0 && seen.size < mostLookedAt) {
    const next = waiting.pop();
    if (!isJsonObject(next) || seen.has(next)) continue;
    seen.add(next);
    const reference = stringAt(next, '$ref');
    const found = reference === undefined ? undefined : document.resolve(reference);
    if (found?.ok === true) waiting.push(found.value);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) waiting.push(...listAt(next, keyword));
  }
  return seen;
}

function unwritten(message: string): StyleResult {
  return { ok: false, message };
}
