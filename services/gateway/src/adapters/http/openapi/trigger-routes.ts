import type { RouteName } from '@action-mesh/contracts/gateway';
import {
  deliveryViewSchema,
  secretRotationSchema,
  triggerRequestSchema,
  triggerViewSchema,
} from '@action-mesh/contracts/webhooks';

import { deliveriesQuerySchema } from '../triggers.controller.js';
import {
  deliveryPageSchema,
  firedTriggerSchema,
  takenDeliverySchema,
  triggerListSchema,
} from './answer-schemas.js';
import { answers200, removed } from './answers.js';
import { anyJsonSchema } from './request-schemas.js';
import type { RouteDocument } from './route-document.js';

const changes = ['invalid_request', 'trigger_conflict', 'trigger_not_found'] as const;

/** The routes for events from outside, and for the triggers that they fire. */
export const documentedTriggerRoutes = {
  fireTrigger: {
    area: 'triggers',
    body: anyJsonSchema,
    headers: ['Idempotency-Key'],
    answers: {
      202: { description: 'The event is published.', schema: firedTriggerSchema, headers: ['traceparent'] },
    },
    problems: ['idempotency_key_invalid', 'invalid_trigger', 'trigger_needs_signature'],
  },
  receiveDelivery: {
    area: 'triggers',
    description:
      'The signature of the scheme of the trigger opens it. The body is read as it came. A challenge of Slack gets its text back.',
    answers: {
      200: { description: 'The answer that the scheme demands.', types: ['text/plain'] },
      202: { description: 'The delivery is taken.', schema: takenDeliverySchema, headers: ['traceparent'] },
    },
    problems: [
      'deliveries_refused',
      'delivery_refused',
      'delivery_unreadable',
      'invalid_json',
      'mesh_unavailable',
    ],
  },
  listTriggers: { area: 'triggers', answers: answers200('The triggers.', triggerListSchema) },
  findTrigger: {
    area: 'triggers',
    answers: answers200('The trigger, without its secrets.', triggerViewSchema),
    problems: ['trigger_not_found'],
  },
  putTrigger: {
    area: 'triggers',
    body: triggerRequestSchema,
    answers: answers200('The trigger. A secret that the mesh made is shown once.', triggerViewSchema),
    problems: changes,
  },
  removeTrigger: { area: 'triggers', answers: removed, problems: changes },
  rotateTriggerSecret: {
    area: 'triggers',
    body: secretRotationSchema,
    isBodyOptional: true,
    answers: answers200('The trigger with its new secret.', triggerViewSchema),
    problems: changes,
  },
  listDeliveries: {
    area: 'triggers',
    query: deliveriesQuerySchema,
    answers: answers200('Deliveries, the newest first.', deliveryPageSchema),
    problems: ['trigger_not_found'],
  },
  replayDelivery: {
    area: 'triggers',
    answers: answers200('The delivery.', deliveryViewSchema),
    problems: [...changes, 'delivery_not_found'],
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
