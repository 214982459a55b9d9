import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, provider, scopes } from './provider.js';

export const cancelPaymentIntent = defineTool({
  slug: 'stripe_cancel_payment_intent',
  version: '1.0.0',
  provider,
  description:
    'Calls off a payment that has not succeeded yet. One that has is given back with create_refund.',
  input: z.strictObject({
    payment_intent: z.string().min(1).describe('ID of the payment, pi_…'),
    cancellation_reason: z
      .enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])
      .optional()
      .describe('Why.'),
  }),
  tags: ['payments'],
  security: scopes('read_write'),
  examples: [
    {
      description: 'Called off',
      arguments: { payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa', cancellation_reason: 'abandoned' },
    },
  ],
  http: { method: 'POST', path: '/payment_intents/{payment_intent}/cancel', headers, body: form },
  effect: keyed,
});
