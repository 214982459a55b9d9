import { defineEvent } from '@action-mesh/kernel';

import { topics } from '../topics.js';
import { changedConnectionSchema } from './connection.js';

/** A change of a connection. Records of one connection keep their order. */
export const ConnectionChanged = defineEvent({
  topic: topics.connections.name,
  type: 'mesh.connection.changed',
  version: 1,
  description: 'A connection was created, refreshed, repaired or revoked, or it needs its user.',
  key: ({ connection_id }) => connection_id,
  schema: changedConnectionSchema,
});
