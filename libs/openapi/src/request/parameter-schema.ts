import type { JsonSchema } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { isObject, member, textAt } from '../json-object.js';
import type { Conversion } from '../schema/definition.js';
import type { SchemaConverter } from '../schema/schema-converter.js';
import { readValue } from '../schema/value-keywords.js';
import { withoutNull } from '../schema/without-null.js';
import type { DeclaredParameter } from './parameter-list.js';

/**
 * The schema of an argument that is no part of a body: without null, which has no form there, and in a path without the
 * empty text, which would address another resource. What the parameter says counts before what its schema says.
 */
export function parameterSchema(
  document: OpenApiDocument,
  converter: SchemaConverter,
  { in: place, source, pointer }: DeclaredParameter,
  into: Conversion,
): JsonSchema {
  const schema = member(source, 'schema') ?? {};
  const at = below(pointer, 'schema');
  const left = withoutNull(document, schema);
  const followed = document.follow(schema, at);
  const converted = converter.convert(left, left !== schema && followed.ok ? followed.pointer : at, into);
  const own = isObject(converted) ? converted : {};
  const isOpenText = own['type'] === 'string' && own['enum'] === undefined && own['minLength'] === undefined;
  const text = readValue('description', textAt(source, 'description'), pointer, 'input', into);
  return {
    ...own,
    ...(place === 'path' && isOpenText ? { minLength: 1 } : {}),
    ...(text === undefined ? {} : { description: text }),
    ...(member(source, 'deprecated') === true ? { deprecated: true } : {}),
  };
}
