import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { topics } from '../topics.js';
import { nameSchema } from './call.js';

/** A trigger's name: `new_lead_created`. */
export const triggerSlugSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must match ^[a-z][a-z0-9_]{0,63}$');

/** Something happened outside, and agents may act on it. */
export const TriggerFired = defineEvent({
  topic: topics.triggers.name,
  type: 'mesh.trigger.fired',
  version: 1,
  description: 'A webhook arrived. Agents subscribe to this topic and decide on their own actions.',
  key: (fired) => fired.trigger_id,
  schema: z.object({
    trigger_id: z.uuidv7(),
    tenant_id: nameSchema,
    trigger: triggerSlugSchema,
    /** The body of the webhook, unchanged. */
    payload: z.json(),
    received_at: z.iso.datetime(),
  }),
});

export type FiredTrigger = EventData<typeof TriggerFired>;
