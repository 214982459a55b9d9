import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, semanticVersionSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/**
 * How a call stands. `succeeded`, `failed` and `cancelled` end it. Of the others a later record, with a higher `seq`, says
 * how it went on:
 *
 * - `waiting`: it will be run, or run again, by itself; `waiting` says why and when.
 * - `indeterminate`: a request may have arrived; the provider is being asked whether it did.
 * - `needs_review`: nobody knows whether the provider acted and nothing may find out but a person.
 * - `dead`: every retry is used up, and another one is safe: nothing was done, or twice is as good as once. It lies in the
 *   dead letter queue and can be redriven.
 */
export const outcomeStatusSchema = z.enum([
  'succeeded',
  'failed',
  'cancelled',
  'waiting',
  'indeterminate',
  'needs_review',
  'dead',
]);

/** Why a call did not succeed; for programs. The set grows, so readers treat an unknown code as its category. */
export const outcomeErrorSchema = z.object({
  code: z.string(),
  /** Whose move it is: the caller's, the provider's, the network's, ours, or a person's who finds out what happened. */
  category: z.enum(['request', 'provider', 'network', 'mesh', 'unknown_effect']),
  message: z.string(),
  fix: z.string().optional(),
  /** The places of the request that are wrong, as RFC 6901 pointers; the first of them. */
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  /** The call of the same user that has the idempotency key which this one came with. */
  conflicts_with: z.uuidv7().optional(),
});

/** What a call waits for. Only `retry` follows an attempt; the others burn none. */
export const waitReasonSchema = z.enum([
  'retry',
  'retry_budget',
  'rate_limited',
  'provider_blocked',
  'circuit_open',
  'concurrency',
  'tenant_backlog',
  'tool_unknown',
  'file',
  'probe',
  'redrive',
]);

export const waitingSchema = z.object({
  reason: waitReasonSchema,
  /** Nothing is sent before this moment. */
  until: z.iso.datetime(),
  /** The limit or breaker that said so: `provider:slack`. */
  scope: z.string().optional(),
});

/** One thing that was tried and did not end the call. */
export const triedSchema = z.object({
  attempt: z.int().min(0),
  at: z.iso.datetime(),
  /**
   * `request`: the call itself was sent. `probe`: the provider was asked about it. `person`: somebody looked. `file`: a file
   * of the call could not be loaded, so that nothing was sent.
   */
  kind: z.enum(['request', 'probe', 'person', 'file']),
  /** What came of it: `answered`, `unanswered`, `not_sent`; of a look also `absent`: it had not happened. */
  evidence: z.enum(['answered', 'unanswered', 'not_sent', 'absent']),
  status_code: z.int().optional(),
  /** The answer says that nothing was done, and that a later request may succeed. */
  refused: z.literal(true).exactOptional(),
  message: z.string().optional(),
  /** How often in a row; only of `file`. */
  times: z.int().min(1).exactOptional(),
});

export const circuitStatusSchema = z.enum(['closed', 'half_open', 'open']);

/** A call that undoes, or tried to undo, this one. */
export const compensatingActionSchema = z.object({
  call_id: z.uuidv7(),
  tool: toolSlugSchema,
  status: outcomeStatusSchema,
});

/** One per call and state that matters to its caller. Of two records of one call, the higher `seq` is the newer. */
export const CallOutcome = defineEvent({
  topic: topics.outcomes.name,
  type: 'mesh.call.outcome',
  version: 1,
  description: 'How a call stands or ended. Every submission gets its own, duplicates included.',
  key: (outcome) => outcome.call_id,
  schema: z.object({
    /** A UUIDv7, but for a record that is refused since its id is none. */
    call_id: z.uuid(),
    /** This call did not run: it is the same call as `duplicate_of`, whose outcome this is. */
    duplicate_of: z.uuidv7().optional(),
    /** Whether the outcome was known before the call arrived, by the broker's stamp. */
    replayed: z.boolean(),
    seq: z.int().min(1),
    tenant_id: nameSchema,
    user_id: nameSchema,
    agent: z.object({ id: nameSchema, run_id: nameSchema.optional(), step: z.int().optional() }).optional(),
    tool: z.object({ slug: toolSlugSchema, version: semanticVersionSchema.optional() }),
    status: outcomeStatusSchema,
    /**
     * The provider's answer, where it gave one: any JSON, to the letter as the provider wrote it; `upstream.body` says how to read it. A reader that parses numbers into
     * doubles loses digits of large ids, so it takes the text of this member instead.
     */
    result: z.unknown().optional(),
    error: outcomeErrorSchema.optional(),
    waiting: waitingSchema.optional(),
    /** The newest attempts that did not end the call, oldest first. */
    tried: z.array(triedSchema).optional(),
    /** The breaker before the last request; absent where none watches. */
    circuit_breaker_status: circuitStatusSchema.optional(),
    upstream: z
      .object({
        status_code: z.int(),
        /** The answer broke off, does not decode, or is larger than the tool keeps, so there is no `result`. */
        incomplete: z.boolean().optional(),
        /** Where a redirect points to, without credentials, query and fragment. Redirects are not followed. */
        location: z.string().exactOptional(),
        /**
         * The form of `result` where the answer was not JSON. `text`: the answer as a string. `binary` and
         * `undecodable`: an object with `content_type`, `bytes` (the number of bytes) and `base64`. An `undecodable`
         * answer also has `content_encoding` and `reason`.
         */
        body: z.enum(['text', 'binary', 'undecodable']).exactOptional(),
      })
      .optional(),
    /** How many times a request was started. */
    attempts: z.int().min(0),
    /** Whether another executor had to finish what one that died had begun. */
    recovered: z.boolean(),
    /** How often it was taken out of the dead letter queue; absent: never. */
    redrives: z.int().min(1).optional(),
    /** The call whose effect this one undoes. */
    compensates: z.uuidv7().optional(),
    compensating_actions: z.array(compensatingActionSchema).optional(),
    /** Who settled it, where a person did. */
    resolved_by: nameSchema.optional(),
    saga_id: nameSchema.optional(),
    /** When the ledger recorded the call. All times of a recorded call are of the ledger's clock, as in every other answer. */
    received_at: z.iso.datetime().optional(),
    /** When the call came to stand so. */
    at: z.iso.datetime(),
    /** The same, where the call has ended. */
    ended_at: z.iso.datetime().optional(),
    /** From the record of the call to this outcome, in milliseconds. */
    duration_ms: z.number().min(0),
  }),
});

export type OutcomeStatus = z.infer<typeof outcomeStatusSchema>;
export type Tried = z.infer<typeof triedSchema>;
export type WaitReason = z.infer<typeof waitReasonSchema>;
export type OutcomeOfCall = EventData<typeof CallOutcome>;

/**
 * The CloudEvents `source` of outcomes of records that became no call. A reader that waits for a call that was taken
 * elsewhere passes over them: a stranger chose their call id.
 */
export const refusalSource = '/services/executor/refusals';
