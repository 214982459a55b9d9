import { defineEvent } from '@action-mesh/kernel';
import { z } from 'zod';

import { topics } from '../topics.js';

/** The answer for one executor: a credential, or the reason why there is none. */
export const TokenLeased = defineEvent({
  topic: topics.tokenLeases.name,
  type: 'mesh.token.leased',
  version: 1,
  description: 'The credential of a connection, signed, and encrypted for one executor.',
  key: ({ recipient }) => recipient,
  schema: z.object({
    /** The instance that asked. */
    recipient: z.uuid(),
    /** A JWE in compact form (RFC 7516) around a JWS. */
    lease: z.string().min(1).max(200_000),
  }),
});
