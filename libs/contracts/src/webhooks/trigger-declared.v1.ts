import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { topics } from '../topics.js';
import { triggerPlaceSchema, triggerSettingsSchema } from './trigger.js';

/** The key of a declaration: `acme/new_lead_created`. */
export function triggerKey({
  tenant_id: tenantId,
  trigger,
}: Pick<z.infer<typeof triggerPlaceSchema>, 'tenant_id' | 'trigger'>): string {
  return `${tenantId}/${trigger}`;
}

/** The part of a trigger that a door needs. A tombstone removes it. */
export const TriggerDeclared = defineEvent({
  topic: topics.triggerDeclarations.name,
  type: 'mesh.trigger.declared',
  version: 1,
  description:
    'The way to verify requests for a trigger. Its secrets are sealed for the services of the mesh. A tombstone removes it.',
  key: triggerKey,
  schema: z.object({
    ...triggerPlaceSchema.shape,
    ...triggerSettingsSchema.pick({ scheme: true, tolerance_seconds: true, hmac: true, headers: true }).shape,
    /** Changes with each change of the trigger. */
    revision: z.uuid(),
    /** The secrets, sealed with a key that the services of the mesh share: base64. Absent: no signature opens it. */
    sealed_secrets: z.base64().max(20_000).exactOptional(),
  }),
});

export type DeclaredTrigger = EventData<typeof TriggerDeclared>;
