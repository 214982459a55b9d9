import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { digestSchema, nameSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/**
 * Wakes a call that waits for a retry. It travels on every rung of the ladder: a writer takes the definition from the
 * rung, which names the topic, and a reader may take this one for all.
 */
export const RetryDue = defineEvent({
  topic: topics.retry1s.name,
  type: 'mesh.call.retry',
  version: 1,
  description:
    'A call whose wait for a retry ends when the record has been on its rung for as long as the rung says.',
  key: (retry) => retry.hash,
  schema: z.object({
    call_id: z.uuidv7(),
    tenant_id: nameSchema,
    user_id: nameSchema,
    /** The call hash. */
    hash: digestSchema,
    /** Attempts that the call had made when it was parked. With any other number in the ledger the record is overtaken. */
    attempt: z.int().min(0),
    /** The call does not run before, by the clock of the ledger. */
    not_before: z.iso.datetime(),
  }),
});

export type DueRetry = EventData<typeof RetryDue>;
