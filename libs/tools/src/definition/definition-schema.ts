import { responseSize } from '@action-mesh/contracts/catalog';
import { nameSchema, toolSlugSchema } from '@action-mesh/contracts/gateway';
import { parseUrl } from '@action-mesh/kernel';
import { z } from 'zod';

import { parseVersion } from '../version.js';

const minute = 60_000;
const day = 24 * 60 * minute;

const durationSchema = z.int().min(0);
const positiveDurationSchema = z.int().min(1);

const baseUrlSchema = z.string().superRefine((text, context) => {
  const problem = baseUrlProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const placeSchema = z.strictObject({
  in: z.enum(['path', 'query', 'header']),
  name: z.string().min(1).max(200).optional(),
  style: z.enum(['comma', 'space', 'pipe', 'deep_object']).optional(),
});

const bodySchema = z.strictObject({
  encoding: z.enum(['json', 'form', 'multipart', 'bytes']).default('json'),
  files: z.record(z.string().min(1).max(200), z.string().min(1).max(200)).exactOptional(),
  lists: z.literal('indexed').exactOptional(),
  argument: z.string().min(1).max(200).exactOptional(),
  under: z.string().min(1).max(200).exactOptional(),
  fixed: z.record(z.string(), z.json()).exactOptional(),
});

const pointerSchema = z
  .string()
  .max(500)
  .regex(/^(\/([^/~]|~[01])*)*$/, 'must be a JSON pointer such as /items/0, or empty for the whole');

const failureSchema = z.strictObject({
  at: pointerSchema,
  equals: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
  reason: pointerSchema.exactOptional(),
});

const answerSchema = z
  .strictObject({
    status: z.int().min(200).max(599).exactOptional(),
    at: pointerSchema.exactOptional(),
    words: z.array(z.string().min(1).max(200)).min(1).max(50).exactOptional(),
    means: z.enum(['limited', 'unknown', 'done']),
  })
  .refine(({ at, words }) => (at === undefined) === (words === undefined), {
    path: ['words'],
    message: 'must be given together with "at"',
  })
  .refine(({ status, words }) => status !== undefined || words !== undefined, {
    path: ['status'],
    message: 'must be given if there are no words',
  });

const httpSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().min(1).max(2_000),
  parameters: z.record(z.string(), placeSchema).default({}),
  headers: z.record(z.string(), z.string()).default({}),
  body: bodySchema.optional(),
  failure: failureSchema.optional(),
  answers: z.array(answerSchema).min(1).max(20).optional(),
});

const argumentNameSchema = z.string().min(1).max(200);

const paginationSchema = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('token'),
    argument: argumentNameSchema,
    at: pointerSchema,
    more: pointerSchema.exactOptional(),
  }),
  z.strictObject({
    by: z.literal('last_item'),
    argument: argumentNameSchema,
    items: pointerSchema,
    id: pointerSchema,
    more: pointerSchema,
  }),
  z.strictObject({ by: z.literal('link'), at: pointerSchema.exactOptional() }),
  z.strictObject({
    by: z.literal('offset'),
    argument: argumentNameSchema,
    items: pointerSchema,
    total: pointerSchema,
  }),
]);

const compensationSchema = z.strictObject({
  tool: toolSlugSchema,
  arguments: z
    .record(
      z.string(),
      z.union([
        z.strictObject({
          from: pointerSchema.regex(/^\/(arguments|result)(\/|$)/, 'must begin with /arguments or /result'),
        }),
        z.strictObject({ value: z.json() }),
      ]),
    )
    .default({}),
});

const effectSchema = z.discriminatedUnion('class', [
  z.strictObject({ class: z.literal('read') }),
  z.strictObject({ class: z.literal('idempotent'), because: z.string().min(1).optional() }),
  z.strictObject({
    class: z.literal('keyed'),
    in: z.enum(['header', 'query', 'body']),
    name: z.string().min(1).max(200),
    ttlMs: positiveDurationSchema,
  }),
  z.strictObject({
    class: z.literal('probeable'),
    probe: toolSlugSchema,
    settleMs: durationSchema,
    reference: z.strictObject({ in: z.enum(['header', 'query', 'body']), name: z.string().min(1).max(200) }),
    argument: z.string().min(1).max(200),
    found: pointerSchema.default(''),
  }),
  z.strictObject({ class: z.literal('opaque'), atLeastOnce: z.literal(true).optional() }),
]);

const retrySchema = z
  .strictObject({
    maxAttempts: z.int().min(1).max(20),
    initialBackoffMs: durationSchema,
    maxBackoffMs: durationSchema,
    deadlineMs: positiveDurationSchema.max(30 * day).default(day),
    refusedStatuses: z.array(z.int().min(400).max(599)).max(50).default([]),
  })
  .refine((retry) => retry.initialBackoffMs <= retry.maxBackoffMs, {
    path: ['maxBackoffMs'],
    message: 'must not be less than initialBackoffMs',
  });

/** JSON Schema or zod. Their own rules check them later. */
const schemaSchema = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  {
    message: 'must be a zod schema or a JSON Schema in the form of an object',
  },
);

/**
 * The fields of a definition, each with the rules that need no other field. They are parsed one by one, so a bad
 * field does not hide the problems of the others.
 */
export const definitionFields = {
  slug: toolSlugSchema,
  version: z
    .string()
    .max(64)
    .refine((text) => parseVersion(text) !== undefined, {
      message: 'must be a semantic version such as 1.4.0',
    }),
  toolkit: toolSlugSchema.optional(),
  title: nameSchema.optional(),
  provider: z.strictObject({ slug: toolSlugSchema, baseUrl: baseUrlSchema }),
  description: z.string().trim().min(1).max(10_000),
  tags: z.array(z.string().trim().min(1).max(100)).max(50).default([]),
  aliases: z.array(toolSlugSchema).max(20).default([]),
  deprecated: z.boolean().default(false),
  security: z
    .array(
      z
        .array(
          z.strictObject({
            scheme: z.string().min(1).max(100),
            kind: z.enum(['oauth2', 'api_key', 'bearer', 'basic', 'other']),
            scopes: z.array(z.string().min(1).max(300)).max(100).default([]),
          }),
        )
        .min(1)
        .max(10),
    )
    .max(20)
    .default([]),
  input: schemaSchema,
  output: schemaSchema.optional(),
  examples: z
    .array(z.strictObject({ description: z.string(), arguments: z.record(z.string(), z.json()) }))
    .max(20)
    .default([]),
  http: httpSchema,
  effect: effectSchema.default({ class: 'opaque' }),
  timeoutMs: positiveDurationSchema.max(15 * minute).default(30_000),
  maxResponseBytes: z.int().min(1).max(responseSize.mostBytes).optional(),
  retry: retrySchema.optional(),
  pagination: paginationSchema.optional(),
  compensation: compensationSchema.optional(),
  validityMs: durationSchema.max(365 * day).default(day),
  freshnessMs: durationSchema.max(day).optional(),
};

type Fields = { readonly [Name in keyof typeof definitionFields]: z.infer<(typeof definitionFields)[Name]> };

export type DefinitionFields = Fields;
export type HttpFields = Fields['http'];
export type CompensationFields = NonNullable<Fields['compensation']>;
export type EffectFields = Fields['effect'];

/** The reason that a text cannot be a provider's base URL, or `undefined` if it can. Never repeats the text. */
export function baseUrlProblem(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return 'must be an absolute URL such as https://api.example.com/v1';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  if (text.includes('?') || text.includes('#')) return 'must have neither a query nor a fragment';
  // The parser rewrites dot segments, backslashes, and capitals in the host. The result would differ from the text
  // that the author reads.
  if (url.href.replace(/\/+$/, '') !== text.replace(/\/+$/, '')) return 'must be written in its normal form';
  return undefined;
}
