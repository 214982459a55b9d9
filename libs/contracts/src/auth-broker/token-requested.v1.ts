import { defineEvent } from '@action-mesh/kernel';
import { z } from 'zod';

import { digestSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/** A request of an executor for the credential of a connection. Only the signature inside is to be trusted. */
export const TokenRequested = defineEvent({
  topic: topics.tokenRequests.name,
  type: 'mesh.token.requested',
  version: 1,
  description: 'An executor asks for the credential of a connection, in a signed request.',
  key: ({ subject }) => subject,
  schema: z.object({
    /** A digest of tenant, user and integration. Requests for one connection reach one broker, as a rule. */
    subject: digestSchema,
    /** A JWS in compact form (RFC 7515). */
    request: z.string().min(1).max(200_000),
  }),
});
