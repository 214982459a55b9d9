import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, promptSchema, semanticVersionSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';
import { callPreviewSchema, policyVerdictSchema } from './call-preview.js';
import { outcomeErrorSchema, waitingSchema } from './outcome-reasons.js';

/**
 * The status of a call. `succeeded`, `failed`, `cancelled`, `dry_run` and `shadowed` are final. After any other status, a
 * later record with a higher `seq` follows:
 *
 * - `dry_run`: the mode of the call is `dry_run`. The mesh sent nothing, and `preview` shows the request.
 * - `shadowed`: the mode of the call is `shadow`. The mesh recorded the request and sent nothing.
 * - `waiting`: the call runs, or runs again, without help; `waiting` has the reason and the time.
 * - `indeterminate`: a request may have arrived; the mesh asks the provider whether it acted.
 * - `needs_review`: the provider may have acted, and only a person can find out.
 * - `dead`: every retry is used up, and another one is safe: the provider did nothing, or a repetition changes nothing
 *   more. The call is in the dead letter queue and can be redriven.
 */
export const outcomeStatusSchema = z.enum([
  'succeeded',
  'failed',
  'cancelled',
  'dry_run',
  'shadowed',
  'waiting',
  'indeterminate',
  'needs_review',
  'dead',
]);

/** One step that did not end the call. */
export const triedSchema = z.object({
  attempt: z.int().min(0),
  at: z.iso.datetime(),
  /**
   * `request`: the mesh sent the call. `probe`: the mesh asked the provider about the call. `person`: a person looked.
   * `file`: a file of the call could not be loaded, so the mesh sent nothing.
   */
  kind: z.enum(['request', 'probe', 'person', 'file']),
  /**
   * The result of the step: `answered`, `unanswered` or `not_sent`. A probe or a person can also find `absent`: the
   * provider did not act.
   */
  evidence: z.enum(['answered', 'unanswered', 'not_sent', 'absent']),
  status_code: z.int().optional(),
  /** The answer shows that the provider did nothing and that a later request may succeed. */
  refused: z.literal(true).exactOptional(),
  message: z.string().optional(),
  /** The number of equal steps in a row; only for `file`. */
  times: z.int().min(1).exactOptional(),
});

export const circuitStatusSchema = z.enum(['closed', 'half_open', 'open']);

/** A call that undoes this one, or tried to. */
export const compensatingActionSchema = z.object({
  call_id: z.uuidv7(),
  tool: toolSlugSchema,
  status: outcomeStatusSchema,
});

/**
 * One record for each state of a call that its caller needs to know. Of two records of one call, the higher `seq` is
 * newer.
 */
export const CallOutcome = defineEvent({
  topic: topics.outcomes.name,
  type: 'mesh.call.outcome',
  version: 1,
  description: 'The status of a call. Every submission gets its own, duplicates included.',
  key: (outcome) => outcome.call_id,
  schema: z.object({
    /** A UUIDv7, except in the outcome of a record that was refused for its wrong id. */
    call_id: z.uuid(),
    /** The first call, if this call is its duplicate and did not run. The outcome is that call's outcome. */
    duplicate_of: z.uuidv7().optional(),
    /** True: the outcome existed before the call arrived, by the broker's stamp. */
    replayed: z.boolean(),
    seq: z.int().min(1),
    tenant_id: nameSchema,
    user_id: nameSchema,
    agent: z
      .object({
        id: nameSchema,
        run_id: nameSchema.optional(),
        step: z.int().optional(),
        prompt: promptSchema.optional(),
      })
      .optional(),
    tool: z.object({ slug: toolSlugSchema, version: semanticVersionSchema.optional() }),
    status: outcomeStatusSchema,
    /**
     * The provider's answer, if it gave one: any JSON, in the exact text of the provider; `upstream.body` describes its
     * form. A parser that reads numbers as doubles loses digits of large ids. A careful reader takes the text of this
     * member instead.
     */
    result: z.unknown().optional(),
    error: outcomeErrorSchema.optional(),
    waiting: waitingSchema.optional(),
    /** The decision of the tenant's policies before the first request. Absent: the tenant had none. */
    policy: policyVerdictSchema.exactOptional(),
    /** Only with `dry_run` and `shadowed`: the request, and the decisions about a live call at that moment. */
    preview: callPreviewSchema.exactOptional(),
    /** The newest attempts without a final result, the oldest first. */
    tried: z.array(triedSchema).optional(),
    /** The state of the circuit breaker before the last request. Absent: the request had no breaker. */
    circuit_breaker_status: circuitStatusSchema.optional(),
    /** The connection that gave the credential of the requests. Absent: no connection was used. */
    connection_id: z.uuid().optional(),
    upstream: z
      .object({
        status_code: z.int(),
        /** True: the answer broke off, does not decode, or is larger than the tool keeps. There is no `result`. */
        incomplete: z.boolean().optional(),
        /** The target of a redirect, without credentials, query and fragment. The mesh does not follow redirects. */
        location: z.string().exactOptional(),
        /** The arguments in the query of the link to the next page, if the tool declares that its answers have one. */
        next: z.record(z.string(), z.string()).exactOptional(),
        /**
         * The form of `result` where the answer was not JSON. `text`: the answer as a string. `binary` and
         * `undecodable`: an object with `content_type`, `bytes` (the number of bytes) and `base64`. An `undecodable`
         * answer also has `content_encoding` and `reason`.
         */
        body: z.enum(['text', 'binary', 'undecodable']).exactOptional(),
      })
      .optional(),
    /** The number of requests that were started. */
    attempts: z.int().min(0),
    /** True: another executor finished the call after the first one died. */
    recovered: z.boolean(),
    /** How often the call was redriven. Absent: never. */
    redrives: z.int().min(1).optional(),
    /** The call that this call undoes. */
    compensates: z.uuidv7().optional(),
    compensating_actions: z.array(compensatingActionSchema).optional(),
    /** The person who settled the call, if one did. */
    resolved_by: nameSchema.optional(),
    saga_id: nameSchema.optional(),
    /** The moment at which the ledger recorded the call. The clock of the ledger gives all times of a recorded call. */
    received_at: z.iso.datetime().optional(),
    /** The moment at which the call took this status. */
    at: z.iso.datetime(),
    /** The moment at which the call ended, if it has. */
    ended_at: z.iso.datetime().optional(),
    /** Milliseconds from the record of the call to this outcome. */
    duration_ms: z.number().min(0),
  }),
});

export type OutcomeStatus = z.infer<typeof outcomeStatusSchema>;
export type Tried = z.infer<typeof triedSchema>;
export type OutcomeOfCall = EventData<typeof CallOutcome>;

/**
 * The CloudEvents `source` of the outcome of a record that became no call. The publisher of such a record chose its
 * call id freely. A reader that waits for an accepted call must skip these outcomes.
 */
export const refusalSource = '/services/executor/refusals';

/** The `tenant_id` in the outcome of a record without a valid publisher token. No tenant can have this id. */
export const noTenant = '-';
