import { z } from 'zod';

import { limitPolicySchema } from './limit-policy.v1.js';

/** A limit as the rate governor's internal API shows it. */
export const limitViewSchema = z.object({
  policy: limitPolicySchema,
  /** The owner: `code` is the operator, and the limit changes with a deployment. `api` is the tenant that asks. */
  source: z.enum(['code', 'api']),
  /** Whether this very policy is on the topic, so that it is in force. */
  published: z.boolean(),
});

export type LimitView = z.infer<typeof limitViewSchema>;
