/** The kind of a keyword's value. */
export type KeywordKind =
  /** A value that is copied unchanged. */
  | 'value'
  /** A schema. */
  | 'schema'
  /** A list of schemas. */
  | 'list'
  /** Schemas by name. */
  | 'map';

/** The keywords that JSON Schema 2020-12 and the tools of the mesh support, in the order of writing. */
export const keywords: readonly (readonly [name: string, kind: KeywordKind])[] = [
  ['title', 'value'],
  ['description', 'value'],
  ['deprecated', 'value'],
  ['type', 'value'],
  ['format', 'value'],
  ['const', 'value'],
  ['enum', 'value'],
  ['default', 'value'],
  ['examples', 'value'],
  ['pattern', 'value'],
  ['minLength', 'value'],
  ['maxLength', 'value'],
  ['contentEncoding', 'value'],
  ['contentMediaType', 'value'],
  ['minimum', 'value'],
  ['maximum', 'value'],
  ['exclusiveMinimum', 'value'],
  ['exclusiveMaximum', 'value'],
  ['multipleOf', 'value'],
  ['minItems', 'value'],
  ['maxItems', 'value'],
  ['uniqueItems', 'value'],
  ['minContains', 'value'],
  ['maxContains', 'value'],
  ['minProperties', 'value'],
  ['maxProperties', 'value'],
  ['properties', 'map'],
  ['patternProperties', 'map'],
  ['additionalProperties', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['required', 'value'],
  ['dependentRequired', 'value'],
  ['dependentSchemas', 'map'],
  ['prefixItems', 'list'],
  ['items', 'schema'],
  ['unevaluatedItems', 'schema'],
  ['contains', 'schema'],
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
];

/**
 * Keywords with schemas for the same value as their own schema. If that schema must not require a member, they must
 * not either. `not` is no such keyword: the more it requires, the less it rules out.
 */
export const inPlace: ReadonlySet<string> = new Set([
  'dependentSchemas',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'then',
  'else',
]);

/** Keywords without an effect on valid values, or that this importer reads elsewhere. */
export const spent: ReadonlySet<string> = new Set([
  '$ref',
  '$schema',
  '$comment',
  '$defs',
  'definitions',
  '$anchor',
  'nullable',
  'example',
  'readOnly',
  'writeOnly',
  'discriminator',
  'xml',
  'externalDocs',
]);

/** Keywords with a target that depends on the path of references to them. A schema with one accepts anything. */
export const changesReferences: readonly string[] = ['$dynamicRef', '$recursiveRef'];

/** The types of JSON Schema. */
export const typeNames: ReadonlySet<unknown> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'object',
  'array',
  'null',
]);

/** The formats that arguments are checked for. */
export const formats: ReadonlySet<unknown> = new Set([
  'binary',
  'byte',
  'date',
  'date-time',
  'double',
  'duration',
  'email',
  'float',
  'hostname',
  'int32',
  'int64',
  'ipv4',
  'ipv6',
  'iso-date-time',
  'iso-time',
  'json-pointer',
  'password',
  'regex',
  'relative-json-pointer',
  'time',
  'uri',
  'uri-reference',
  'uri-template',
  'url',
  'uuid',
]);
