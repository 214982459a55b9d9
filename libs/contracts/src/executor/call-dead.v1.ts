import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { CallAccepted, digestSchema } from '../gateway/index.js';
import { topics } from '../topics.js';
import { triedSchema } from './call-outcome.v1.js';
import { outcomeErrorSchema } from './outcome-reasons.js';

/** The position of a record in Kafka, for a search in the log. */
export const originSchema = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  /** A text, because offsets have 64 bits. */
  offset: z.string().regex(/^\d+$/),
});

/**
 * Why a call needs a person. A `dead` call can be redriven as it is. A call in `needs_review` first needs a person's
 * verdict.
 */
export const deadStatusSchema = z.enum(['dead', 'needs_review']);

/** The provider's last answer to a call that needs a person. */
export const deadAnswerSchema = z.object({
  status_code: z.int().optional(),
  /** The text of the body, up to 2,000 characters. JSON is unchanged. */
  body: z.string().optional(),
  /** Absent: the body is whole. */
  body_cut: z.literal(true).optional(),
});
export type DeadAnswer = z.infer<typeof deadAnswerSchema>;

/** A call that needs a person. The commit that changes the ledger also writes this record, so the two agree (I9). */
export const CallDead = defineEvent({
  topic: topics.deadLetters.name,
  type: 'mesh.call.dead',
  version: 1,
  description: 'A call that needs a person: every retry is used up, or its effect is unknown.',
  key: (dead) => dead.hash,
  schema: z.object({
    hash: digestSchema,
    status: deadStatusSchema,
    /** Counts the states of the call. Of two records of one call, the higher number is newer. */
    seq: z.int().min(1),
    error: outcomeErrorSchema,
    answer: deadAnswerSchema.optional(),
    attempts: z.int().min(0),
    tried: z.array(triedSchema),
    redrives: z.int().min(0),
    /** The record that carried the call. */
    origin: originSchema.optional(),
    call: CallAccepted.schema,
    died_at: z.iso.datetime(),
  }),
});

export type DeadCall = EventData<typeof CallDead>;
