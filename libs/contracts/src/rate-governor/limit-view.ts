import { z } from 'zod';

import { LimitPublished } from './limit-policy.v1.js';

/** A limit as the rate governor's internal API shows it. */
export const limitViewSchema = z.object({
  policy: LimitPublished.schema,
  /** Where it is written down: `code` is changed with the deployment, `api` by whoever may use the API. */
  source: z.enum(['code', 'api']),
  /** Whether this very policy is on the topic, so that it is in force. */
  published: z.boolean(),
});

export type LimitView = z.infer<typeof limitViewSchema>;
