import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { topics } from '../topics.js';
import { digestSchema, nameSchema } from './call.js';

/** A trigger's name: `new_lead_created`. */
export const triggerSlugSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must match ^[a-z][a-z0-9_]{0,63}$');

/**
 * The proof that a request for a trigger carries. `hmac`: a signature in a form that the trigger describes. `api_key`: no
 * signature; an API key of the mesh proves the caller.
 */
export const triggerSchemeSchema = z.enum([
  'standard_webhooks',
  'stripe',
  'slack',
  'github',
  'hubspot',
  'shopify',
  'hmac',
  'api_key',
]);
export type TriggerScheme = z.infer<typeof triggerSchemeSchema>;

/** The longest id of a delivery, in characters. */
export const longestDeliveryId = 300;

/** Something happened outside, or at a planned time. Agents and mappings may act on it. */
export const TriggerFired = defineEvent({
  topic: topics.triggers.name,
  type: 'mesh.trigger.fired',
  version: 1,
  description:
    'A webhook arrived, or the time of a schedule has come. Agents subscribe to this topic and decide on their own actions.',
  key: (fired) => fired.trigger_id,
  schema: z.object({
    trigger_id: z.uuidv7(),
    tenant_id: nameSchema,
    trigger: triggerSlugSchema,
    /** The proof of the request. A schedule needs none. */
    scheme: z.union([triggerSchemeSchema, z.literal('schedule')]),
    /** Repetitions of a delivery share it: the sender's id, else a digest of the signed content. */
    delivery_id: z
      .string()
      .min(1)
      .max(longestDeliveryId)
      .regex(/^[^\p{Cc}]+$/u),
    /** The digest of the signed content, where the sender's id and time are not signed. */
    content_digest: digestSchema.optional(),
    /** The body of the webhook. A whole number that no JavaScript number holds exactly is a text with its digits. */
    payload: z.json(),
    /** Some headers of the request, by their names in lower case. */
    headers: z.record(z.string(), z.string()).optional(),
    received_at: z.iso.datetime(),
  }),
});

export type FiredTrigger = EventData<typeof TriggerFired>;
