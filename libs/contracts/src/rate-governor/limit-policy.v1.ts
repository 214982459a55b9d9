import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/** What a policy is called, in the API, in records and in denials. */
export const limitIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must match ^[a-z0-9][a-z0-9._-]{0,63}$');

/** Which requests a policy is about: those that have every value that is named. Nothing named: all. */
export const limitMatchSchema = z.strictObject({
  tenant: nameSchema.optional(),
  user: nameSchema.optional(),
  provider: toolSlugSchema.optional(),
  tool: toolSlugSchema.optional(),
});

/** One limit, as plain data: everything that whoever enforces it needs to know. */
export const LimitPublished = defineEvent({
  topic: topics.limits.name,
  type: 'mesh.limit.published',
  version: 1,
  description: 'One limit on requests to providers. A tombstone lifts it.',
  key: (policy) => policy.id,
  schema: z.object({
    id: limitIdSchema,
    match: limitMatchSchema,
    /** What is counted together: the matching requests of one tenant, of one credential, to one provider, of one tool. */
    per: z.enum(['tenant', 'credential', 'provider', 'tool']),
    /** Requests in a window. */
    limit: z.int().min(1).max(1_000_000),
    window: z.enum(['1s', '1m', '1h', '1d']),
    /** Requests that may come at once, when none came for long. Absent: a tenth of the limit, at least one. */
    burst: z.int().min(1).max(1_000_000).optional(),
    /** Requests under way at once, in each executor. Absent: as many as the provider bears. */
    max_concurrency: z.int().min(1).max(10_000).optional(),
  }),
});

export type LimitPolicy = EventData<typeof LimitPublished>;
