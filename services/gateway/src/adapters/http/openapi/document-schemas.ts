import { jsonTextSchema } from '@action-mesh/contracts/executor';
import { z } from 'zod';

import { answerSchemas } from './answer-schemas.js';
import { requestSchemas } from './request-schemas.js';

/** A JSON Schema (2020-12), as data. */
export type DocumentSchema = Readonly<Record<string, unknown>>;

type Direction = 'input' | 'output';

const pathTo = (name: string): string => `#/components/schemas/${name}`;

/** Schemas by their registered names, so that the document holds each once. */
function registryOf(schemas: Readonly<Record<string, z.ZodType>>): z.core.$ZodRegistry<{ id: string }> {
  const registry: z.core.$ZodRegistry<{ id: string }> = z.registry();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  return registry;
}

const registries = { input: registryOf(requestSchemas), output: registryOf(answerSchemas) } as const;

/**
 * Every schema of the document. Answers stay open, because readers ignore unknown members. `areAnswersClosed` closes
 * them: a test finds members that the document does not have.
 */
export function documentSchemas(areAnswersClosed = false): Record<string, DocumentSchema> {
  const schemas: Record<string, DocumentSchema> = {};
  for (const io of ['input', 'output'] as const) {
    const made = z.toJSONSchema(registries[io], { ...options(io, areAnswersClosed), uri: pathTo }).schemas;
    for (const [name, { $schema: _dialect, $id: _id, ...schema }] of Object.entries(made))
      if (name !== shared) schemas[name] = withAnyJson(schema) as DocumentSchema;
  }
  const names = Object.keys(schemas).sort();
  return Object.fromEntries(names.map((name) => [name, schemas[name] ?? {}]));
}

/** Where zod puts recursive schemas. */
const shared = '__shared';

/** A reference to a registered schema. Throws for any other one. */
export function schemaReference(schema: z.ZodType, io: Direction): DocumentSchema {
  const name = registries[io].get(schema)?.id;
  if (name === undefined)
    throw new Error(
      `a schema has no name in the document; add it to ${io === 'input' ? 'request' : 'answer'}-schemas.ts`,
    );
  return { $ref: pathTo(name) };
}

/** The schema of one parameter of a query, as the caller writes it. */
export function queryParameterSchema(schema: z.ZodType): DocumentSchema {
  const {
    $schema: _dialect,
    $defs: _definitions,
    ...plain
  } = z.toJSONSchema(schema, options('input', false));
  return withAnyJson(plain) as DocumentSchema;
}

function options(io: Direction, areClosed: boolean) {
  return {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({
      zodSchema,
      jsonSchema,
    }: Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0]) => {
      // The exact text of a JSON value is that value on the wire: any JSON.
      if ((zodSchema as unknown) === jsonTextSchema) delete jsonSchema.anyOf;
      const { def } = zodSchema._zod;
      const isOpen = def.type === 'object' && !('catchall' in def && def.catchall !== undefined);
      if (isOpen && !areClosed) delete jsonSchema.additionalProperties;
      // The format has the same meaning, and the pattern has 280 characters.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      // No registered format; the pattern beside it has the same meaning.
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
      // The bounds of exact integers in JavaScript.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  } as const;
}

/** Only `z.json()` is recursive, and any JSON needs no schema. */
function withAnyJson(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withAnyJson);
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { readonly $ref?: unknown };
  if (typeof $ref === 'string' && /^#\/(?:components\/schemas\/__shared#|\$defs\/)/.test($ref)) return {};
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withAnyJson(value)]));
}
