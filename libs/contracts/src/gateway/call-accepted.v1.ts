import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { topics } from '../topics.js';
import {
  agentSchema,
  argumentsSchema,
  callIdSchema,
  callModeSchema,
  digestSchema,
  nameSchema,
  semanticVersionSchema,
  toolSlugSchema,
} from './call.js';

/** An accepted call: its tool is pinned, its arguments fit the tool's schema, and its hash is fixed. */
export const CallAccepted = defineEvent({
  topic: topics.calls.name,
  type: 'mesh.call.accepted',
  version: 1,
  description: 'A tool call that the gateway validated, pinned to a tool version and hashed.',
  key: (call) => call.hash,
  schema: z.object({
    call_id: callIdSchema,
    tenant_id: nameSchema,
    /** The key of the caller. Absent: a user token proved the caller. */
    key_id: nameSchema.optional(),
    user_id: nameSchema,
    agent: agentSchema.optional(),
    tool: z.object({ slug: toolSlugSchema, version: semanticVersionSchema }),
    arguments: argumentsSchema,
    /** The resolved scope: `run:<id>`, `session:<id>`, `global`, `window:<ms>:<n>` or `key:<key>`. */
    scope: z.string().min(1).max(300),
    occurrence: nameSchema.optional(),
    idempotency_key: nameSchema.optional(),
    mode: callModeSchema,
    deadline: z.iso.datetime().optional(),
    connection_id: nameSchema.optional(),
    /** The call that this call undoes. */
    compensates: callIdSchema.optional(),
    /** The dead call that this call corrects. */
    corrects: callIdSchema.optional(),
    /** Calls with one saga id can be undone together. */
    saga_id: nameSchema.optional(),
    /** The call hash: equal for equal calls of one user. */
    hash: digestSchema,
    /** The hash of the tool, its major version and the arguments, without scope and occurrence. */
    content_hash: digestSchema,
    accepted_at: z.iso.datetime(),
  }),
});

/** An accepted call with a caller that waits. The caller gets no answer before the ledger has the call on disk. */
export const AwaitedCallAccepted: typeof CallAccepted = Object.freeze({
  ...CallAccepted,
  topic: topics.awaitedCalls.name,
});

/**
 * {@link CallAccepted} on the topic for tenants with many calls that have no outcome yet. On this topic, calls of other
 * tenants do not wait behind them.
 */
export const BulkCallAccepted: typeof CallAccepted = Object.freeze({
  ...CallAccepted,
  topic: topics.bulkCalls.name,
});

export type AcceptedCall = EventData<typeof CallAccepted>;
