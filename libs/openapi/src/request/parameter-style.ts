import type { OpenApiDocument } from '../document/openapi-document.js';
import { isObject, listAt, member, textAt } from '../json-object.js';
import type { DeclaredParameter } from './parameter-list.js';

/** How the mesh writes a parameter: nothing for the way that needs no word, or why it cannot write it. */
export type StyleResult =
  | { readonly ok: true; readonly style?: 'comma' | 'space' | 'pipe' | 'deep_object' }
  | { readonly ok: false; readonly message: string };

const PLAIN: StyleResult = { ok: true };
/** Of schemas, through references and compositions. */
const MOST_LOOKED_AT = 1_000;

/** OpenAPI's `style` and `explode`, with the defaults that they have in each place, in the terms of a tool. */
export function parameterStyle(
  document: OpenApiDocument,
  { in: place, source }: DeclaredParameter,
): StyleResult {
  if (member(source, 'content') !== undefined) return unwritten('is written in a media type of its own');
  const shapes = shapesOf(document, member(source, 'schema'));
  const style = textAt(source, 'style') ?? (place === 'query' ? 'form' : 'simple');
  const explode = member(source, 'explode');
  if (style === 'deepObject') {
    return shapes.has('object') && !shapes.has('array')
      ? { ok: true, style: 'deep_object' }
      : unwritten('has the style "deepObject" and is no object');
  }
  if (shapes.has('object'))
    return unwritten(`puts the members of an object into the ${place} in the style "${style}"`);
  switch (style) {
    case 'form':
      if (place !== 'query') break;
      return shapes.has('array') && explode === false ? { ok: true, style: 'comma' } : PLAIN;
    case 'simple':
      if (place === 'query') break;
      return shapes.has('array') ? { ok: true, style: 'comma' } : PLAIN;
    case 'spaceDelimited':
      return shapes.has('array') && explode !== true ? { ok: true, style: 'space' } : PLAIN;
    case 'pipeDelimited':
      return shapes.has('array') && explode !== true ? { ok: true, style: 'pipe' } : PLAIN;
  }
  return unwritten(`has the style "${style.slice(0, 30)}", which is not written in a ${place}`);
}

/** Whether values can be lists or objects, through references and compositions. */
export function shapesOf(document: OpenApiDocument, schema: unknown): Set<string> {
  const seen = new Set<unknown>();
  const shapes = new Set<string>();
  const waiting = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!isObject(next) || seen.has(next) || seen.size === MOST_LOOKED_AT) continue;
    seen.add(next);
    const type = member(next, 'type');
    for (const name of Array.isArray(type) ? (type as unknown[]) : [type])
      if (typeof name === 'string') shapes.add(name);
    if (member(next, 'properties') !== undefined) shapes.add('object');
    if (member(next, 'items') !== undefined) shapes.add('array');
    const reference = textAt(next, '$ref');
    const found = reference === undefined ? undefined : document.resolve(reference);
    if (found?.ok === true) waiting.push(found.value);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) waiting.push(...listAt(next, keyword));
  }
  return shapes;
}

function unwritten(message: string): StyleResult {
  return { ok: false, message };
}
