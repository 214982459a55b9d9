import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/** The name of a policy in the API, in records and in denials. */
export const limitIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must match ^[a-z0-9][a-z0-9._-]{0,63}$');

/** Selects requests. A request matches if it has every value that is set. Nothing set: all requests match. */
export const limitMatchSchema = z.strictObject({
  tenant: nameSchema.optional(),
  user: nameSchema.optional(),
  provider: toolSlugSchema.optional(),
  tool: toolSlugSchema.optional(),
});

/** One limit as an author writes it. */
export const limitPolicySchema = z.object({
  id: limitIdSchema,
  match: limitMatchSchema,
  /** The unit of counting: one counter for each tenant, credential, provider or tool among the matching requests. */
  per: z.enum(['tenant', 'credential', 'provider', 'tool']),
  /** Requests in a window. */
  limit: z.int().min(1).max(1_000_000),
  window: z.enum(['1s', '1m', '1h', '1d']),
  /** The most requests at once after a quiet time. Absent: a tenth of the limit, at least one. */
  burst: z.int().min(1).max(1_000_000).optional(),
  /** The most requests under way at once, in each executor. Absent: only the adaptive limit of each tool applies. */
  max_concurrency: z.int().min(1).max(10_000).optional(),
});

/** The key of a limit among all limits: its owner and its id. An id has no slash, so two owners never share a key. */
export function limitKey({
  owner,
  id,
}: {
  readonly owner?: string | undefined;
  readonly id: string;
}): string {
  return owner === undefined ? id : `${owner}/${id}`;
}

/** One limit, as plain data: everything that an enforcing service needs. */
export const LimitPublished = defineEvent({
  topic: topics.limits.name,
  type: 'mesh.limit.published',
  version: 1,
  description: 'One limit on requests to providers. A tombstone lifts it.',
  key: limitKey,
  schema: limitPolicySchema.extend({
    /** The tenant that owns the limit. The limit covers the requests of that tenant alone. Absent: the operator owns it. */
    owner: nameSchema.optional(),
    /** The file or package of the rate governor that holds an operator's limit. Only this place lifts the limit. */
    place: z.string().min(1).max(1_000).optional(),
  }),
});

export type LimitPolicy = EventData<typeof LimitPublished>;
