import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, semanticVersionSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/** Not looked into: what is decoded came out of a JSON parser, and some schemas are large. */
const anyJson: z.ZodType<z.core.util.JSONType> = z.any();
const jsonSchemaSchema = z.record(z.string(), anyJson);

/** Where one argument goes in the provider's request, in OpenAPI's terms. */
export const parameterSchema = z.object({
  /** The top-level property of the arguments. */
  argument: z.string().min(1),
  in: z.enum(['path', 'query', 'header']),
  /** What the provider calls it. */
  name: z.string().min(1),
  /**
   * How a list or an object is written: a list joined by commas, spaces or pipes, an object as `name[member]=value`
   * (OpenAPI's `deepObject`). Absent: a list repeats the pair, and an object has no place.
   */
  style: z.enum(['comma', 'space', 'pipe', 'deep_object']).exactOptional(),
});

/** A value that an argument has without its being given. */
export const presetSchema = z.object({
  value: z.json(),
  /** Whether the caller may not give another: the input does not know the argument then. */
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
   * Members of the body that are files, `{ base64, filename?, content_type? }`, or lists of those, each with the media type of a
   * file that names none.
   */
  files: z.record(z.string().min(1), z.string().min(1)).exactOptional(),
  /** How a form writes lists: `name[0]=value`. Absent: `name=value` for each item, within an object `name[member][]=value`. */
  lists: z.literal('indexed').exactOptional(),
  /** This argument's value is the whole body. Absent: all arguments that no parameter takes are its members. */
  argument: z.string().min(1).exactOptional(),
  /** The one member that holds those arguments, as GraphQL's `variables` does. Absent: they are the body's own members. */
  under: z.string().min(1).exactOptional(),
  /** Further members of the body, the same in every request. */
  fixed: z.record(z.string(), z.json()).exactOptional(),
});

/**
 * How a provider says in the body of a 2xx that it did not do what was asked: `/ok` is `false` at Slack, `/errors` is there
 * in GraphQL.
 */
export const failureRuleSchema = z.object({
  /** JSON pointer (RFC 6901) into the body. */
  at: z.string(),
  /** What stands there in a failure. Absent: anything but null, false, and what is empty. */
  equals: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
  /** JSON pointer to the provider's word for what went wrong. */
  reason: z.string().exactOptional(),
});

/**
 * What an answer says beyond its status: a 400 that is a rate limit at Linear, `already_reacted` in a 200 of Slack, a 404 after
 * which what was to be deleted is gone.
 */
export const answerRuleSchema = z.object({
  /** Absent: any 2xx. */
  status: z.int().min(200).max(599).exactOptional(),
  /** JSON pointer (RFC 6901) into the body, and what stands there. Absent, both: the status says it. */
  at: z.string().exactOptional(),
  words: z.array(z.string().min(1)).min(1).exactOptional(),
  /**
   * `limited`: nothing was done, and a later request may succeed. `unknown`: whether it acted is not known. `done`: what was asked
   * for is so already, which is a success of a call whose request may have arrived before.
   */
  means: z.enum(['limited', 'unknown', 'done']),
});

/** How a call becomes an HTTP request. Arguments that no parameter takes form the JSON body of methods that have one. */
export const httpBindingSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Appended to the provider's base URL; `{argument}` marks a path parameter. */
  path: z.string().startsWith('/'),
  parameters: z.array(parameterSchema),
  /** Fixed headers. Never credentials. */
  headers: z.record(z.string(), z.string()),
  /** Absent: the arguments that no parameter takes, as JSON, in POST, PUT and PATCH. A DELETE has a body only where it is here. */
  body: bodyBindingSchema.exactOptional(),
  failure: failureRuleSchema.exactOptional(),
  /** The first that fits counts, and before `failure`. Absent: the status says it all. */
  answers: z.array(answerRuleSchema).exactOptional(),
});

/** What a provider wants to see before it answers, by the name of its security scheme. */
export const securityRequirementSchema = z.object({
  scheme: z.string().min(1).max(100),
  kind: z.enum(['oauth2', 'api_key', 'bearer', 'basic', 'other']),
  scopes: z.array(z.string().min(1).max(300)),
});

/** Something that whoever takes a tool into use should look at first. Never stops a call. */
export const toolWarningSchema = z.object({
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** JSON pointer into this record. */
  pointer: z.string(),
  message: z.string(),
});

/** Where a request carries what the provider can later be asked for. */
export const referenceSchema = z.object({
  in: z.enum(['header', 'query', 'body']),
  /** The header, the query parameter, or the top-level property of the JSON body. */
  name: z.string().min(1),
});

/** What is known about repeating a call; decides what happens when nobody can say whether the provider acted. */
export const effectSchema = z.discriminatedUnion('class', [
  /** Changes nothing. */
  z.object({ class: z.literal('read') }),
  /** Twice is as good as once: a PUT or DELETE of an absolute target. */
  z.object({ class: z.literal('idempotent') }),
  /**
   * The provider drops repeats that carry the same key within `ttl_ms`. The executor fills it in: as the header, the query
   * parameter, or the top-level member of the body called `name`.
   */
  z.object({
    class: z.literal('keyed'),
    in: z.enum(['header', 'query', 'body']),
    name: z.string().min(1),
    ttl_ms: z.int().min(1),
  }),
  /**
   * The provider can be asked whether it happened: each request carries the call id as `reference`, and from `settle_ms`
   * after it the tool `probe`, given that id as its argument `argument`, answers with something at `found` if it did.
   */
  z.object({
    class: z.literal('probeable'),
    probe: toolSlugSchema,
    settle_ms: z.int().min(0),
    reference: referenceSchema,
    argument: z.string().min(1),
    /** JSON pointer (RFC 6901) into the probe's result. Absent, null, false, or empty there means: it did not happen. */
    found: z.string(),
  }),
  /**
   * Nothing is known: at most once, and what is unknown is reported. `at_least_once`: its owner prefers a repetition to a
   * question, and it is sent again like an idempotent one.
   */
  z.object({ class: z.literal('opaque'), at_least_once: z.boolean().exactOptional() }),
]);

export const retryPolicySchema = z.object({
  /** Requests in all, the first included. */
  max_attempts: z.int().min(1).max(20),
  /** The longest first delay; doubles with each attempt, and each delay is drawn from zero to it. */
  initial_backoff_ms: z.int().min(0),
  max_backoff_ms: z.int().min(0),
  /** After this time from the record of the call, or from its redrive, no request starts any more. */
  deadline_ms: z.int().min(1).exactOptional(),
  /** Statuses that say that nothing was done and that a later request may succeed, beside 425 and 429. */
  refused_statuses: z.array(z.int().min(400).max(599)).exactOptional(),
});

/** One argument of a compensating call: taken by JSON pointer from `{ "arguments": …, "result": … }`, or fixed. */
export const derivedArgumentSchema = z.union([z.object({ from: z.string() }), z.object({ value: z.json() })]);

/** The tool that undoes what this one did. */
export const compensationSchema = z.object({
  tool: toolSlugSchema,
  arguments: z.record(z.string(), derivedArgumentSchema),
});

/** Bounds of `max_response_bytes`. A result travels in its outcome, which has to fit into a record of a megabyte. */
export const responseSize = { defaultBytes: 262_144, mostBytes: 524_288 } as const;

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
    /** The tools that it belongs with: those of a provider, or of one document. */
    toolkit: toolSlugSchema,
    title: nameSchema,
    description: z.string().min(1),
    tags: z.array(z.string().min(1).max(100)),
    /** Names that it had before, which still find it. */
    aliases: z.array(toolSlugSchema),
    /** Still there, and on its way out. */
    deprecated: z.literal(true).exactOptional(),
    /** Alternatives, of which one has to be met whole; none: no credential is needed. */
    security: z.array(z.array(securityRequirementSchema)),
    provider: z.object({ slug: toolSlugSchema, base_url: z.url() }),
    /** JSON Schema 2020-12 of the arguments; always of type object. */
    input: jsonSchemaSchema,
    /** JSON Schema 2020-12 of the result. */
    output: jsonSchemaSchema.optional(),
    /** Arguments that are sent without being given. Absent: none are. */
    presets: z.record(z.string(), presetSchema).exactOptional(),
    examples: z.array(z.object({ description: z.string(), arguments: z.record(z.string(), z.json()) })),
    http: httpBindingSchema,
    effect: effectSchema,
    /** Who says so: the author of the tool, the method and document it was imported from, or an override. */
    effect_source: z.enum(['declared', 'inferred', 'overridden']),
    /** Tokens that its name, description and input, as lists show it, take in a prompt, as o200k counts them. */
    token_cost: z.int().min(0),
    /**
     * JSON pointers to the optional members of the input that lists of tools show without their schemas. Their full
     * schemas would cost too many tokens. Absent: lists show the whole input. A call is always checked by the whole
     * input.
     */
    collapsed: z.array(z.string().startsWith('/')).exactOptional(),
    warnings: z.array(toolWarningSchema),
    /** For the whole request, connection included. */
    timeout_ms: z.int().min(1),
    /**
     * The most bytes of an answer that are kept, decoded. Absent: `responseSize.defaultBytes`. A larger answer is cut: a read
     * fails with `result_too_large`, and any other call succeeds without a result.
     */
    max_response_bytes: z.int().min(1).max(responseSize.mostBytes).exactOptional(),
    retry: retryPolicySchema,
    /** Absent: what it does cannot be undone. */
    compensation: compensationSchema.exactOptional(),
    /**
     * How long after its end a call is answered from the ledger when it arrives again. A read is answered so only when it
     * carries the same idempotency key.
     */
    validity_ms: z.int().min(0),
    /** Of a `read`: how long after its end an equal read gets the same answer. Absent: the next read asks the provider. */
    freshness_ms: z.int().min(0).exactOptional(),
  }),
});

export type Tool = EventData<typeof ToolPublished>;
export type Compensation = z.infer<typeof compensationSchema>;
export type ToolWarning = z.infer<typeof toolWarningSchema>;
export type SecurityRequirement = z.infer<typeof securityRequirementSchema>;
export type EffectClass = Tool['effect']['class'];
