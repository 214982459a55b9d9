import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, semanticVersionSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/** Accepts any JSON without a check. The value comes from a JSON parser, and some schemas are too large to walk. */
const anyJson: z.ZodType<z.core.util.JSONType> = z.any();
const jsonSchemaSchema = z.record(z.string(), anyJson);

/** The place of one argument in the provider's request, in OpenAPI's terms. */
export const parameterSchema = z.object({
  /** The name of a top-level property of the arguments. */
  argument: z.string().min(1),
  in: z.enum(['path', 'query', 'header']),
  /** The provider's name for the argument. */
  name: z.string().min(1),
  /**
   * The notation of a list or an object. A list is joined by commas, spaces or pipes. An object is written as
   * `name[member]=value`, OpenAPI's `deepObject`. Absent: a list repeats the pair, and an object is not allowed.
   */
  style: z.enum(['comma', 'space', 'pipe', 'deep_object']).exactOptional(),
});

/** A value for an argument that the caller does not have to give. */
export const presetSchema = z.object({
  value: z.json(),
  /** The caller cannot change the value: the input schema omits the argument. */
  fixed: z.literal(true).exactOptional(),
});

/** The body of a request. */
export const bodyBindingSchema = z.object({
  /**
   * `form`: `application/x-www-form-urlencoded`, with nested values as `name[member]`. `multipart`:
   * `multipart/form-data`, one part for each member. `bytes`: the file or the text in the argument `argument`.
   */
  encoding: z.enum(['json', 'form', 'multipart', 'bytes']),
  /**
   * Members of the body that are files, `{ base64, filename?, content_type? }`, or lists of files. Each member has a
   * media type for files that name none.
   */
  files: z.record(z.string().min(1), z.string().min(1)).exactOptional(),
  /**
   * The notation of lists in a form: `name[0]=value`. Absent: `name=value` for each item; within an object
   * `name[member][]=value`.
   */
  lists: z.literal('indexed').exactOptional(),
  /** The argument that is the whole body. Absent: the body's members are all arguments without a parameter. */
  argument: z.string().min(1).exactOptional(),
  /**
   * The one member that holds these arguments, such as GraphQL's `variables`. Absent: they are members of the body
   * itself.
   */
  under: z.string().min(1).exactOptional(),
  /** Further members of the body, equal in every request. */
  fixed: z.record(z.string(), z.json()).exactOptional(),
});

/**
 * Finds a failure in the body of a 2xx: `/ok` is `false` in an answer of Slack, `/errors` exists in an answer of
 * GraphQL.
 */
export const failureRuleSchema = z.object({
  /** JSON pointer (RFC 6901) into the body. */
  at: z.string(),
  /** The value at `at` in a failure. Absent: any value except null, false, and an empty text, list or object. */
  equals: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
  /** JSON pointer to the provider's reason for the failure. */
  reason: z.string().exactOptional(),
});

/**
 * Gives an answer a meaning that its status alone does not have. Examples: Linear reports a rate limit as 400; Slack
 * reports `already_reacted` in a 200; a 404 to a deletion shows that the target is gone.
 */
export const answerRuleSchema = z.object({
  /** Absent: any 2xx. */
  status: z.int().min(200).max(599).exactOptional(),
  /** JSON pointer (RFC 6901) into the body; `words` lists the values that fit there. Both absent: the status decides. */
  at: z.string().exactOptional(),
  words: z.array(z.string().min(1)).min(1).exactOptional(),
  /**
   * `limited`: the provider did nothing, and a later request may succeed. `unknown`: the provider may have acted.
   * `done`: the requested state already exists. The call succeeds if one of its requests may have arrived before.
   */
  means: z.enum(['limited', 'unknown', 'done']),
});

/** Turns a call into an HTTP request. Arguments without a parameter form the JSON body of methods that have a body. */
export const httpBindingSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** The path after the provider's base URL; `{argument}` marks a path parameter. */
  path: z.string().startsWith('/'),
  parameters: z.array(parameterSchema),
  /** Fixed headers. Never credentials. */
  headers: z.record(z.string(), z.string()),
  /**
   * Absent: POST, PUT and PATCH send the arguments without a parameter as JSON. A DELETE has a body only when this is
   * set.
   */
  body: bodyBindingSchema.exactOptional(),
  failure: failureRuleSchema.exactOptional(),
  /** The first rule that fits decides, before `failure`. Absent: the status decides. */
  answers: z.array(answerRuleSchema).exactOptional(),
});

/** A credential that the provider requires, by the name of its security scheme. */
export const securityRequirementSchema = z.object({
  scheme: z.string().min(1).max(100),
  kind: z.enum(['oauth2', 'api_key', 'bearer', 'basic', 'other']),
  scopes: z.array(z.string().min(1).max(300)),
});

/** A finding for the person who takes a tool into use. It never stops a call. */
export const toolWarningSchema = z.object({
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** JSON pointer into this record. */
  pointer: z.string(),
  message: z.string(),
});

/** The place in a request that carries a reference. The provider can later be asked about this reference. */
export const referenceSchema = z.object({
  in: z.enum(['header', 'query', 'body']),
  /** The header, the query parameter, or the top-level property of the JSON body. */
  name: z.string().min(1),
});

/** The known effect of repeating a call. It decides the next step when the provider may have acted. */
export const effectSchema = z.discriminatedUnion('class', [
  /** Changes nothing. */
  z.object({ class: z.literal('read') }),
  /** A repetition changes nothing more: a PUT or DELETE of an absolute target. */
  z.object({ class: z.literal('idempotent') }),
  /**
   * The provider drops repetitions that carry the same key within `ttl_ms` milliseconds. The executor writes the key
   * into the header, the query parameter, or the top-level member of the body called `name`.
   */
  z.object({
    class: z.literal('keyed'),
    in: z.enum(['header', 'query', 'body']),
    name: z.string().min(1),
    ttl_ms: z.int().min(1),
  }),
  /**
   * The provider can be asked whether it acted. Each request carries the call id as `reference`. From `settle_ms`
   * milliseconds after the request on, the tool `probe` can ask: its argument `argument` is the call id. A value at
   * `found` in its result shows that the provider acted.
   */
  z.object({
    class: z.literal('probeable'),
    probe: toolSlugSchema,
    settle_ms: z.int().min(0),
    reference: referenceSchema,
    argument: z.string().min(1),
    /**
     * JSON pointer (RFC 6901) into the probe's result. Absent, null, false, or empty there means: the provider did not
     * act.
     */
    found: z.string(),
  }),
  /**
   * Nothing is known about repetition: the call is sent at most once, and an unknown end is reported. `at_least_once`:
   * the owner prefers a repetition to a review, so the call is sent again like an idempotent one.
   */
  z.object({ class: z.literal('opaque'), at_least_once: z.boolean().exactOptional() }),
]);

export const retryPolicySchema = z.object({
  /** The most requests in all, the first included. */
  max_attempts: z.int().min(1).max(20),
  /**
   * The longest delay after the first attempt, in milliseconds. It doubles with each attempt; the actual delay is
   * random, from zero to it.
   */
  initial_backoff_ms: z.int().min(0),
  max_backoff_ms: z.int().min(0),
  /** How long after the record of the call, or after its redrive, a request may start, in milliseconds. */
  deadline_ms: z.int().min(1).exactOptional(),
  /** Statuses beside 425 and 429 that mean: the provider did nothing, and a later request may succeed. */
  refused_statuses: z.array(z.int().min(400).max(599)).exactOptional(),
});

/** One argument of a compensating call: a JSON pointer into `{ "arguments": …, "result": … }`, or a fixed value. */
export const derivedArgumentSchema = z.union([z.object({ from: z.string() }), z.object({ value: z.json() })]);

/** The tool that undoes an effect of this one. */
export const compensationSchema = z.object({
  tool: toolSlugSchema,
  arguments: z.record(z.string(), derivedArgumentSchema),
});

/** How the call for the next page follows from the answer to a call. Pointers (RFC 6901) lead into the result. */
export const paginationSchema = z.discriminatedUnion('by', [
  /**
   * The value at `at` becomes the argument. Absent, null, false or empty there means: this is the last page. So does a
   * value other than true at `more`.
   */
  z.object({
    by: z.literal('token'),
    argument: z.string().min(1),
    at: z.string(),
    more: z.string().exactOptional(),
  }),
  /** The value at `id` in the last item of the list at `items` becomes the argument, while true is at `more`. */
  z.object({
    by: z.literal('last_item'),
    argument: z.string().min(1),
    items: z.string(),
    id: z.string(),
    more: z.string(),
  }),
  /**
   * The query of a link has the arguments. The link is the URL at `at`, or without `at` the one with `rel=next` in the
   * header `Link` (RFC 8288).
   */
  z.object({ by: z.literal('link'), at: z.string().exactOptional() }),
  /** The argument counts the items before the page, until it reaches the number at `total`. */
  z.object({
    by: z.literal('offset'),
    argument: z.string().min(1),
    items: z.string(),
    total: z.string(),
  }),
]);

/** Bounds of `max_response_bytes`. The outcome carries the result and must fit into a record of one megabyte. */
export const responseSize = { defaultBytes: 262_144, mostBytes: 524_288 } as const;

/** One version of a tool, as plain data: everything that the gateway and the executor need about it. */
export const ToolPublished = defineEvent({
  topic: topics.tools.name,
  type: 'mesh.tool.published',
  version: 1,
  description: 'One version of a tool. A tombstone withdraws it.',
  key: (tool) => `${tool.slug}@${tool.version}`,
  schema: z.object({
    slug: toolSlugSchema,
    version: semanticVersionSchema,
    /** The group of the tool: the tools of one provider, or of one document. */
    toolkit: toolSlugSchema,
    title: nameSchema,
    description: z.string().min(1),
    tags: z.array(z.string().min(1).max(100)),
    /** Former names of the tool. Callers can still use them. */
    aliases: z.array(toolSlugSchema),
    /** The tool still works, but its owner plans to remove it. */
    deprecated: z.literal(true).exactOptional(),
    /** Alternatives. A request must meet all requirements of one alternative. Empty: no credential is needed. */
    security: z.array(z.array(securityRequirementSchema)),
    provider: z.object({ slug: toolSlugSchema, base_url: z.url() }),
    /** JSON Schema 2020-12 of the arguments; always of type object. */
    input: jsonSchemaSchema,
    /** JSON Schema 2020-12 of the result. */
    output: jsonSchemaSchema.optional(),
    /** Arguments that the mesh sends without the caller. Absent: none. */
    presets: z.record(z.string(), presetSchema).exactOptional(),
    examples: z.array(z.object({ description: z.string(), arguments: z.record(z.string(), z.json()) })),
    http: httpBindingSchema,
    effect: effectSchema,
    /** The source of `effect`: the author of the tool, the imported method and document, or an override. */
    effect_source: z.enum(['declared', 'inferred', 'overridden']),
    /**
     * The tokens that a prompt needs for the name, the description and the input as lists show it, counted by o200k.
     */
    token_cost: z.int().min(0),
    /**
     * JSON pointers to the optional members of the input that lists of tools show without their schemas. Their full
     * schemas would cost too many tokens. Absent: lists show the whole input. A call is always checked by the whole
     * input.
     */
    collapsed: z.array(z.string().startsWith('/')).exactOptional(),
    warnings: z.array(toolWarningSchema),
    /** Milliseconds for the whole request, connection included. */
    timeout_ms: z.int().min(1),
    /**
     * The most bytes of an answer that are kept, after decoding. Absent: `responseSize.defaultBytes`. A larger answer
     * is cut: a read fails with `result_too_large`, and any other call succeeds without a result.
     */
    max_response_bytes: z.int().min(1).max(responseSize.mostBytes).exactOptional(),
    retry: retryPolicySchema,
    /** Absent: an answer is the only page, or nobody knows how to get the next one. */
    pagination: paginationSchema.exactOptional(),
    /** Absent: the effect of the tool cannot be undone. */
    compensation: compensationSchema.exactOptional(),
    /**
     * How long after its end a call answers its repetitions from the ledger, in milliseconds. A repeated read also needs
     * the same idempotency key.
     */
    validity_ms: z.int().min(0),
    /**
     * Only for a `read`: how long after its end an equal read gets the same answer, in milliseconds. Absent: each read
     * asks the provider.
     */
    freshness_ms: z.int().min(0).exactOptional(),
  }),
});

export type Tool = EventData<typeof ToolPublished>;
export type Pagination = z.infer<typeof paginationSchema>;
export type Compensation = z.infer<typeof compensationSchema>;
export type ToolWarning = z.infer<typeof toolWarningSchema>;
export type SecurityRequirement = z.infer<typeof securityRequirementSchema>;
export type EffectClass = Tool['effect']['class'];
