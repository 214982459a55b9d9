import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { CallAccepted, digestSchema } from '../gateway/index.js';
import { topics } from '../topics.js';
import { outcomeErrorSchema, triedSchema } from './call-outcome.v1.js';

/** Where a record was read: what a person looks for in the log. */
export const originSchema = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  /** As text: offsets have 64 bits. */
  offset: z.string().regex(/^\d+$/),
});

/** Why a call needs a person: `dead` can be redriven as it is; of `needs_review` a person must say what happened first. */
export const deadStatusSchema = z.enum(['dead', 'needs_review']);

/** The provider's last answer to a call that needs a person. */
export const deadAnswerSchema = z.object({
  status_code: z.int().optional(),
  /** The text of the body, up to 2,000 characters; JSON as it came. */
  body: z.string().optional(),
  /** Absent: the body is whole. */
  body_cut: z.literal(true).optional(),
});
export type DeadAnswer = z.infer<typeof deadAnswerSchema>;

/** A call that needs a person. The ledger says the same: the record is written by the commit that made it so (I9). */
export const CallDead = defineEvent({
  topic: topics.deadLetters.name,
  type: 'mesh.call.dead',
  version: 1,
  description: 'A call that needs a person: every retry is used up, or nobody knows what happened.',
  key: (dead) => dead.hash,
  schema: z.object({
    hash: digestSchema,
    status: deadStatusSchema,
    /** Counts how the call stood; of two records of one call, the higher is the newer. */
    seq: z.int().min(1),
    error: outcomeErrorSchema,
    answer: deadAnswerSchema.optional(),
    attempts: z.int().min(0),
    tried: z.array(triedSchema),
    redrives: z.int().min(0),
    /** The record that the call came with. */
    origin: originSchema.optional(),
    call: CallAccepted.schema,
    died_at: z.iso.datetime(),
  }),
});

export type DeadCall = EventData<typeof CallDead>;
