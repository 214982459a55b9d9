import { z } from 'zod';

import { momentSchema } from '../executor/administration.js';
import { jsonTextSchema } from '../executor/json-text.js';
import { digestSchema, nameSchema, toolSlugSchema } from '../gateway/call.js';
import { listLimitSchema } from '../gateway/list-limit.js';
import { auditEntrySchema, entryKindSchema } from './audit-entry.js';

/** A place in the chain, in a query. */
const placeSchema = listLimitSchema(Number.MAX_SAFE_INTEGER);

/** Filters for a list of entries. Each narrows the list. Times are those of the transitions. */
export const auditQuerySchema = z.strictObject({
  user_id: nameSchema.optional(),
  agent_id: nameSchema.optional(),
  run_id: nameSchema.optional(),
  call_id: z.uuid().optional(),
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hex digits')
    .optional(),
  tool: toolSlugSchema.optional(),
  kind: entryKindSchema.optional(),
  status: z.string().max(40).optional(),
  error_category: z.string().max(40).optional(),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  limit: listLimitSchema(500).default(50),
  /** The `cursor` of the previous page, unchanged. New entries do not move it. */
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be the unchanged cursor of the previous page')
    .optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

/**
 * Entries, the newest first. A page can be short or empty when few entries fit the filter. Only an absent `cursor` marks
 * the last page.
 */
export const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema),
  cursor: z.string().optional(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

/** One line of a story. */
const storyEventSchema = z.object({
  at: z.string(),
  /** The place of the entry in the chain. */
  seq: z.int(),
  kind: entryKindSchema,
  /** One sentence. */
  text: z.string(),
});

/** A call as thought, action and observation, with everything that happened between them. */
export const callStorySchema = z.object({
  call_id: z.string(),
  user_id: nameSchema.optional(),
  agent_id: nameSchema.optional(),
  run_id: nameSchema.optional(),
  step: z.int().optional(),
  tool: z.string().optional(),
  tool_version: z.string().optional(),
  trace_id: z.string().optional(),
  status: z.string(),
  /** The reason that the agent gave. */
  thought: z.string().optional(),
  prompt: z.record(z.string(), z.unknown()).optional(),
  /** The arguments, without secrets. */
  arguments: jsonTextSchema.optional(),
  /** The answer of the provider, without secrets. */
  result: jsonTextSchema.optional(),
  error: z
    .object({ code: z.string(), category: z.string().optional(), message: z.string().optional() })
    .optional(),
  attempts: z.int().optional(),
  duration_ms: z.int().optional(),
  status_code: z.int().optional(),
  circuit_breaker_status: z.string().optional(),
  compensating_actions: z
    .array(z.object({ call_id: z.string(), tool: z.string(), status: z.string() }))
    .optional(),
  /** In the story of a run: the submissions that did not run because they were the same call. Absent: none. */
  duplicates: z.int().min(1).optional(),
  events: z.array(storyEventSchema),
  /** The story for people. */
  text: z.string(),
});
export type CallStory = z.infer<typeof callStorySchema>;

/** Selects a page of a run. */
export const runQuerySchema = z.strictObject({
  limit: listLimitSchema(100).default(50),
  cursor: placeSchema.optional(),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

/**
 * The calls of a run, in the order in which they began. A duplicate whose first call is in the run counts as one of its
 * `duplicates`. Only an absent `cursor` marks the last page.
 */
export const runStorySchema = z.object({
  run_id: nameSchema,
  calls: z.array(callStorySchema),
  cursor: z.string().optional(),
});
export type RunStory = z.infer<typeof runStorySchema>;

/** The end of a chain, signed. Keep it elsewhere: it proves later that nobody cut the chain back. */
export const auditCheckpointSchema = z.object({
  tenant_id: z.string(),
  seq: z.int().min(0),
  hash: digestSchema,
  /** Ed25519, in base64. Absent: the chain has no entry. */
  signature: z.string().optional(),
  /** The public key of audit, 32 bytes in base64url. */
  public_key: z.string(),
});
export type AuditCheckpoint = z.infer<typeof auditCheckpointSchema>;

/** Selects a part of a chain to verify. */
export const verificationQuerySchema = z.strictObject({
  /** The `verified_to` of the page before. @default the begin of the chain */
  after: placeSchema.optional(),
  limit: listLimitSchema(50_000).default(20_000),
});
export type VerificationQuery = z.infer<typeof verificationQuerySchema>;

/** The verdict about a part of a chain. */
export const verificationViewSchema = z.object({
  /** False: somebody changed the chain, and `problem` names the first wrong place. */
  intact: z.boolean(),
  verified_from: z.int(),
  verified_to: z.int(),
  /** True: the end of the chain is verified too. Otherwise continue with `after` = `verified_to`. */
  complete: z.boolean(),
  /** Retention deleted the entries up to this place, and the mark of it is valid. */
  pruned_to: z.int().optional(),
  problem: z.object({ seq: z.int(), code: z.string(), message: z.string() }).optional(),
});
export type VerificationView = z.infer<typeof verificationViewSchema>;

/** What an erasure removed. */
export const erasureViewSchema = z.object({
  /** The entries whose content is gone. */
  entries: z.int().min(0),
  /** The place of the entry that says so. Absent: the history had no data of this user. */
  seq: z.int().optional(),
});
export type ErasureView = z.infer<typeof erasureViewSchema>;

/** Selects the form of an export. */
export const exportQuerySchema = z.strictObject({ format: z.enum(['jsonl', 'parquet']).default('jsonl') });
export type ExportQuery = z.infer<typeof exportQuerySchema>;
