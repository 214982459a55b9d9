import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, metadata, provider, scopes } from './provider.js';

export const createRefund = defineTool({
  slug: 'stripe_create_refund',
  version: '1.0.0',
  provider,
  description: 'Gives a payment back, whole or in part.',
  input: z.strictObject({
    payment_intent: z.string().min(1).describe('ID of the payment, pi_…'),
    amount: z
      .int()
      .min(1)
      .optional()
      .describe('How much, in the smallest unit; without it all that is left.'),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional().describe('Why.'),
    metadata,
  }),
  tags: ['payments', 'refunds'],
  security: scopes('read_write'),
  examples: [
    {
      description: 'A part',
      arguments: {
        payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
        amount: 500,
        reason: 'requested_by_customer',
      },
    },
  ],
  http: { method: 'POST', path: '/refunds', headers, body: form },
  effect: keyed,
});
