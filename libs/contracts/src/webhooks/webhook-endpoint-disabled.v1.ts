import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { tenantIdSchema } from '../auth-broker/index.js';
import { topics } from '../topics.js';
import { webhookDisabledReasonSchema } from './webhook-endpoint.js';

/** The mesh stopped to deliver to an endpoint. A person enables it again. */
export const WebhookEndpointDisabled = defineEvent({
  topic: topics.webhooks.name,
  type: 'mesh.webhook.endpoint.disabled',
  version: 1,
  description: 'An endpoint of outgoing webhooks was disabled: it is gone, or it failed for days.',
  key: ({ endpoint_id: id }) => id,
  schema: z.object({
    endpoint_id: z.uuid(),
    tenant_id: tenantIdSchema,
    reason: webhookDisabledReasonSchema,
    /** The first failure since the last delivery. */
    failing_since: z.iso.datetime(),
    last_failure: z.string(),
    at: z.iso.datetime(),
  }),
});
export type DisabledWebhookEndpoint = EventData<typeof WebhookEndpointDisabled>;
