import { defineEvent } from '@action-mesh/kernel';
import { z } from 'zod';

import { topics } from '../topics.js';
import {
  agentSchema,
  argumentsSchema,
  callIdSchema,
  callModeSchema,
  nameSchema,
  scopeSchema,
  toolSelectorSchema,
  toolSlugSchema,
} from './call.js';

/** The request for a call. The HTTP body and the Kafka record have the same shape. */
export const callRequestSchema = z.strictObject({
  /** The caller's UUIDv7, in lower case. Arrivals with the same id and the same content are one submission. */
  call_id: callIdSchema.optional(),
  user_id: nameSchema,
  agent: agentSchema.optional(),
  /**
   * @default `version`: `stable`
   */
  tool: z.strictObject({ slug: toolSlugSchema, version: toolSelectorSchema.optional() }),
  arguments: argumentsSchema,
  /**
   * The user's connection that gives the credential of the call.
   * @default the user's default connection at the integration of the tool
   */
  connection_id: z.uuid().optional(),
  /**
   * @default `run` where the agent names a run, else the idempotency key
   */
  scope: scopeSchema.optional(),
  /** Separates a wanted repetition from an accidental one: "send the same message a second time". */
  occurrence: nameSchema.optional(),
  idempotency_key: nameSchema.optional(),
  /** Calls with one saga id can be undone together, the last first. */
  saga_id: nameSchema.optional(),
  /** @default `live` */
  mode: callModeSchema.optional(),
  /** The call does not start after this moment. */
  deadline: z.iso.datetime().optional(),
});

export type CallRequest = z.infer<typeof callRequestSchema>;

/** The header of a submission that proves its publisher. */
export const publisherTokenHeader = 'mesh-publisher-token';

/** A tool call that an agent published straight to Kafka, with its publisher token in {@link publisherTokenHeader}. */
export const CallSubmitted = defineEvent({
  topic: topics.ingress.name,
  type: 'mesh.call.submitted',
  version: 1,
  description:
    'A tool call published by an agent. The executor checks it by the same rules as the gateway does for HTTP.',
  key: (call) => call.call_id,
  schema: callRequestSchema.required({ call_id: true }),
});
