import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { digestSchema, nameSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/**
 * Wakes a call that waits for a retry. The event travels on every rung of the ladder. A writer takes the definition of
 * its rung, which names the topic. A reader can use this definition for all rungs.
 */
export const RetryDue = defineEvent({
  topic: topics.retry1s.name,
  type: 'mesh.call.retry',
  version: 1,
  description:
    'A call that waits for a retry. The wait ends when the record has been on its rung for the delay of the rung.',
  key: (retry) => retry.hash,
  schema: z.object({
    call_id: z.uuidv7(),
    tenant_id: nameSchema,
    user_id: nameSchema,
    /** The call hash. */
    hash: digestSchema,
    /** The attempts of the call when it was parked. The record is out of date if the ledger has another number. */
    attempt: z.int().min(0),
    /** The call does not run before this moment, by the clock of the ledger. */
    not_before: z.iso.datetime(),
  }),
});

export type DueRetry = EventData<typeof RetryDue>;
