import type { JsonSchema } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { isJsonObject, member, stringAt } from '../json-object.js';
import type { Conversion } from '../schema/definition.js';
import type { SchemaConverter } from '../schema/schema-converter.js';
import { readValue } from '../schema/value-keywords.js';
import { withoutNull } from '../schema/without-null.js';
import { comparisonOf } from './argument-names.js';
import type { DeclaredParameter } from './parameter-list.js';
import { shapesOf } from './parameter-style.js';
import { scalars, ValueTypes } from './value-types.js';

/**
 * The schema of an argument outside of a body. It has no null, which has no form there, and no lists and objects that
 * its style cannot write. In a path it has no empty text, which would address another resource. The parameter's own
 * statements win over its schema's.
 */
export function parameterJsonSchema(
  document: OpenApiDocument,
  converter: SchemaConverter,
  { in: place, name, source, pointer }: DeclaredParameter,
  style: string | undefined,
  into: Conversion,
): JsonSchema {
  const schema = member(source, 'schema') ?? {};
  const at = below(pointer, 'schema');
  const left = withoutNull(document, schema);
  const followed = document.follow(schema, at);
  const converted = converter.convert(left, left !== schema && followed.ok ? followed.pointer : at, into);
  const lists = place === 'query' || style === 'comma';
  const own = sendable(document, left, isJsonObject(converted) ? converted : {}, {
    array: lists && (style !== 'deep_object' || shapesOf(document, left).has('array')),
    object: style === 'deep_object',
  });
  const isOpenText = mayBeText(own['type']) && own['enum'] === undefined && own['minLength'] === undefined;
  const said = [comparisonOf(name)?.text, stringAt(source, 'description')].filter(
    (part) => part !== undefined,
  );
  const text = readValue(
    'description',
    said.length === 0 ? undefined : said.join(' '),
    pointer,
    'input',
    into,
  );
  return {
    ...own,
    ...(place === 'path' && isOpenText ? { minLength: 1 } : {}),
    ...(text === undefined ? {} : { description: withHint(text, own['description']) }),
    ...(member(source, 'deprecated') === true ? { deprecated: true } : {}),
  };
}

/** If a schema leaves its types open, adds the types that can be written. Otherwise the schema stays unchanged. */
function sendable(
  document: OpenApiDocument,
  source: unknown,
  schema: JsonSchema,
  written: { readonly array: boolean; readonly object: boolean },
): JsonSchema {
  const types = new ValueTypes(document);
  const accepted = types.accepted(source);
  const isOpen = (accepted.has('array') && !written.array) || (accepted.has('object') && !written.object);
  const meant = [...types.meant(source)].filter((type) =>
    type === 'array' || type === 'object' ? written[type] : true,
  );
  const mayNarrow = schema['type'] === undefined && meant.length > 0;
  const type = isOpen && mayNarrow ? { type: meant.length === 1 ? meant[0] : meant } : {};
  // A list in brackets numbers its objects.
  if (!written.array || written.object || types.hasScalarItems(source)) return { ...schema, ...type };
  const items = isJsonObject(schema['items']) ? schema['items'] : {};
  if (items['type'] !== undefined) return { ...schema, ...type };
  return { ...schema, ...type, items: { ...items, type: scalars } };
}

/** Adds the schema's hint about its format to the description of the parameter. */
function withHint(text: unknown, own: unknown): string {
  const [hint] = typeof own === 'string' ? (/\(format: [a-z0-9-]{1,20}\)$/.exec(own) ?? []) : [];
  return hint === undefined ? String(text) : `${String(text)} ${hint}`;
}

function mayBeText(type: unknown): boolean {
  return type === 'string' || (Array.isArray(type) && type.includes('string'));
}
