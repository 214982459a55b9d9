import { z } from 'zod';

import { limitPolicySchema } from './limit-policy.v1.js';

/** A limit as the rate governor's internal API shows it. */
export const limitViewSchema = z.object({
  policy: limitPolicySchema,
  /**
   * The owner of the limit. `code`: the operator; the limit changes with a deployment. `api`: the tenant of the
   * request.
   */
  source: z.enum(['code', 'api']),
  /** Whether exactly this policy is on the topic and therefore in force. */
  published: z.boolean(),
});

export type LimitView = z.infer<typeof limitViewSchema>;
