import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, semanticVersionSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

const jsonSchemaSchema = z.record(z.string(), z.json());

/** Where one argument goes in the provider's request, in OpenAPI's terms. */
export const parameterSchema = z.object({
  /** The top-level property of the arguments. */
  argument: z.string().min(1),
  in: z.enum(['path', 'query', 'header']),
  /** What the provider calls it. */
  name: z.string().min(1),
});

/** How a call becomes an HTTP request. Arguments that no parameter takes form the JSON body of methods that have one. */
export const httpBindingSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Appended to the provider's base URL; `{argument}` marks a path parameter. */
  path: z.string().startsWith('/'),
  parameters: z.array(parameterSchema),
  /** Fixed headers. Never credentials. */
  headers: z.record(z.string(), z.string()),
});

/** What is known about repeating a call; decides what happens when nobody can say whether the provider acted. */
export const effectSchema = z.discriminatedUnion('class', [
  /** Changes nothing. */
  z.object({ class: z.literal('read') }),
  /** Twice is as good as once: a PUT or DELETE of an absolute target. */
  z.object({ class: z.literal('idempotent') }),
  /** The provider drops repeats that carry the same key in `header` within `ttl_ms`. */
  z.object({ class: z.literal('keyed'), header: z.string().min(1), ttl_ms: z.int().min(1) }),
  /** The provider can be asked, with the tool `probe`, after `settle_ms`. */
  z.object({ class: z.literal('probeable'), probe: toolSlugSchema, settle_ms: z.int().min(0) }),
  /** Nothing is known: at most once, and what is unknown is reported. */
  z.object({ class: z.literal('opaque') }),
]);

export const retryPolicySchema = z.object({
  /** Requests in all, the first included. */
  max_attempts: z.int().min(1).max(20),
  /** The longest first delay; doubles with each attempt, and each delay is drawn from zero to it. */
  initial_backoff_ms: z.int().min(0),
  max_backoff_ms: z.int().min(0),
});

/** One version of a tool, as plain data: everything that the gateway and the executor need to know about it. */
export const ToolPublished = defineEvent({
  topic: topics.tools.name,
  type: 'mesh.tool.published',
  version: 1,
  description: 'One version of a tool. A tombstone withdraws it.',
  key: (tool) => `${tool.slug}@${tool.version}`,
  schema: z.object({
    slug: toolSlugSchema,
    version: semanticVersionSchema,
    title: nameSchema,
    description: z.string().min(1),
    provider: z.object({ slug: toolSlugSchema, base_url: z.url() }),
    /** JSON Schema 2020-12 of the arguments; always of type object. */
    input: jsonSchemaSchema,
    /** JSON Schema 2020-12 of the result. */
    output: jsonSchemaSchema.optional(),
    examples: z.array(z.object({ description: z.string(), arguments: z.record(z.string(), z.json()) })),
    http: httpBindingSchema,
    effect: effectSchema,
    /** For the whole request, connection included. */
    timeout_ms: z.int().min(1),
    retry: retryPolicySchema,
    /** How long after its end a call is answered from the ledger when it arrives again. */
    validity_ms: z.int().min(0),
  }),
});

export type Tool = EventData<typeof ToolPublished>;
export type EffectClass = Tool['effect']['class'];
