import { z } from 'zod';

import { nameSchema, semanticVersionSchema, toolSlugSchema } from '../gateway/call.js';
import { digestSchema } from '../gateway/index.js';
import { connectionChangeSchema } from '../auth-broker/connection.js';
import { jsonTextSchema } from '../executor/json-text.js';
import { outcomeStatusSchema } from '../executor/call-outcome.v1.js';

const outcomeKinds = outcomeStatusSchema.options.map((status) => `call.${status}` as const);
const connectionKinds = connectionChangeSchema.options.map((change) => `connection.${change}` as const);

/**
 * The transitions that the history knows. `docs/adr/0074-one-entry-per-transition.md` says which record tells each of
 * them.
 */
export const entryKindSchema = z.enum([
  'call.accepted',
  'call.submitted',
  ...outcomeKinds,
  'call.compensated',
  ...connectionKinds,
  'trigger.fired',
  'webhook_endpoint.disabled',
  'administration.intent',
  'administration.result',
  'record.refused',
  'record.unreadable',
  'person.erased',
  'history.pruned',
]);
export type EntryKind = z.infer<typeof entryKindSchema>;

/** The place of a record in Kafka. An entry that audit itself made has none. */
const entrySourceSchema = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  offset: z.string().regex(/^\d+$/),
});

/**
 * The hashed part of an entry. It holds no personal data, no secret and no fraction. Its RFC 8785 canonical text is what
 * the hash covers.
 */
export const entryBodySchema = z.strictObject({
  v: z.literal(1),
  /** Follows from the record, so a redelivery has the same id. */
  id: z.uuid(),
  kind: entryKindSchema,
  /** The moment of the transition, as the record says. */
  at: z.string(),
  /** The moment at which audit recorded it. */
  recorded_at: z.string(),
  source: entrySourceSchema.exactOptional(),
  trace_id: z.string().exactOptional(),
  call_id: z.string().exactOptional(),
  agent_id: z.string().exactOptional(),
  run_id: z.string().exactOptional(),
  step: z.int().exactOptional(),
  tool: z.string().exactOptional(),
  tool_version: z.string().exactOptional(),
  status: z.string().exactOptional(),
  error_category: z.string().exactOptional(),
  /** A random id that stands for a user. The erasure of the user deletes the way back. */
  person: z.uuid().exactOptional(),
  /**
   * HMAC-SHA-256 of the name of the user, or of an empty text for the tenant. Its key follows from that of the person.
   * Absent: no user, or an entry from before this digest existed.
   */
  user: digestSchema.exactOptional(),
  /** HMAC-SHA-256 of the content, with the key of the person or of the tenant. */
  content: digestSchema.exactOptional(),
  /** Further facts of the transition. */
  facts: z.record(z.string(), z.unknown()),
});
export type EntryBody = z.infer<typeof entryBodySchema>;

/** One entry of the history, as the audit service shows it. */
export const auditEntrySchema = z.object({
  /** The place in the chain of the tenant, from 1 on without gaps. */
  seq: z.int().min(1),
  kind: entryKindSchema,
  at: z.string(),
  recorded_at: z.string(),
  trace_id: z.string().optional(),
  call_id: z.string().optional(),
  /** Absent: the transition concerns no user, or the user was erased. */
  user_id: nameSchema.optional(),
  agent_id: nameSchema.optional(),
  run_id: nameSchema.optional(),
  step: z.int().optional(),
  tool: toolSlugSchema.optional(),
  tool_version: semanticVersionSchema.optional(),
  status: z.string().optional(),
  error_category: z.string().optional(),
  source: entrySourceSchema.optional(),
  facts: z.record(z.string(), z.unknown()),
  /** An object with arguments, results, thoughts and messages, without secrets. Absent: there are none, or they were erased. */
  content: jsonTextSchema.optional(),
  /** Absent: the content is whole. */
  content_erased: z.literal(true).optional(),
  hash: digestSchema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
