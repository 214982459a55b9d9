import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { keyIdSchema, tenantIdSchema } from '../auth-broker/identity.js';
import { keyScopeSchema } from '../auth-broker/scope.js';
import { digestSchema, nameSchema } from '../gateway/call.js';
import { topics } from '../topics.js';

/** The longest redacted request body in a record, in characters. A longer body has only its digest. */
export const longestRecordedBody = 8_000;

/** One act at an administrative route of the gateway: its intent, and later its result. */
export const AdministrationRecorded = defineEvent({
  topic: topics.administration.name,
  type: 'mesh.administration.recorded',
  version: 1,
  description:
    'Somebody used an administrative route. The intent is durable before the act begins, and the result follows it.',
  key: ({ tenant_id: tenant }) => tenant,
  schema: z.object({
    /** Intent and result of one act share it. */
    act_id: z.uuidv7(),
    /** An intent without a result: the gateway died, and the act may have happened. */
    phase: z.enum(['intent', 'result']),
    /** The tenant of the caller. */
    tenant_id: tenantIdSchema,
    /** The key of the caller. Absent: a user token proved the caller. */
    key_id: keyIdSchema.exactOptional(),
    /** The person or program that holds the key. */
    holder: nameSchema,
    /** The name of the route in the gateway's table: `createKey`. */
    route: z.string().regex(/^[a-zA-Z]{1,64}$/),
    scope: keyScopeSchema,
    method: z.enum(['POST', 'PUT', 'DELETE']),
    /** The path of the request, without its query. The name of a user in it is `:user`. */
    target: z.string().max(2_000),
    /** The body without secrets: its digest, and its text unless it is too long. Absent: the request has no body. */
    body: z
      .object({
        bytes: z.int().min(0),
        /** SHA-256 of the redacted text. A body of more than 32,000 bytes is not redacted, so the digest is that of its bytes. */
        digest: digestSchema,
        text: z.string().max(longestRecordedBody).exactOptional(),
      })
      .exactOptional(),
    /** The address from which the request came, as the gateway saw it. */
    from: z.string().max(100),
    /** Only with `result`: the HTTP status of the answer. */
    status: z.int().min(100).max(599).exactOptional(),
    /** Only with `result`: the code of the problem, if the answer is one. */
    problem: z.string().max(100).exactOptional(),
    at: z.iso.datetime(),
  }),
});

export type RecordedAdministration = EventData<typeof AdministrationRecorded>;
