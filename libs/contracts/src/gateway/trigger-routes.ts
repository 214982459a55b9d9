import {
  deliveryBodyBytes,
  readRoute as read,
  removeRoute as remove,
  writeRoute as write,
  type Route,
} from './route.js';

/** The routes for events from outside, and for the triggers that they fire. */
export const triggerRoutes = {
  fireTrigger: write(
    'POST',
    '/v1/hooks/:trigger',
    'triggers:write',
    'caller',
    'Report an event from outside',
  ),

  receiveDelivery: {
    method: 'POST',
    path: '/hooks/:tenant/:trigger',
    scope: 'open',
    reach: 'mesh',
    bodyLimitBytes: deliveryBodyBytes,
    raw: true,
    summary: 'Take a signed request of another system',
  },
  listTriggers: read('/v1/triggers', 'triggers:admin', 'tenant', 'List triggers'),
  findTrigger: read('/v1/triggers/:trigger', 'triggers:admin', 'tenant', 'Show a trigger'),
  putTrigger: write('PUT', '/v1/triggers/:trigger', 'triggers:admin', 'tenant', 'Declare a trigger'),
  removeTrigger: remove('/v1/triggers/:trigger', 'triggers:admin', 'tenant', 'Remove a trigger'),
  rotateTriggerSecret: write(
    'POST',
    '/v1/triggers/:trigger/rotate-secret',
    'triggers:admin',
    'tenant',
    'Replace the secret of a trigger, with an overlap',
  ),
  listDeliveries: read(
    '/v1/triggers/:trigger/deliveries',
    'triggers:admin',
    'tenant',
    'List deliveries of a trigger',
  ),
  replayDelivery: write(
    'POST',
    '/v1/triggers/:trigger/deliveries/:id/replay',
    'triggers:admin',
    'tenant',
    'Try a failed delivery again',
  ),
} as const satisfies Record<string, Route>;
