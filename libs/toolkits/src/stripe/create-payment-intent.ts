import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, keyed, metadata, provider, scopes } from './provider.js';

export const createPaymentIntent = defineTool({
  slug: 'stripe_create_payment_intent',
  version: '1.0.0',
  provider,
  description:
    'Begins a payment. With confirm and a payment_method it charges at once; without, nobody is charged yet.',
  input: z.strictObject({
    amount: z.int().min(1).describe('In the smallest unit of the currency, such as cents.'),
    currency: z.string().length(3).describe('Three letters in lower case, such as eur.'),
    customer: z.string().optional().describe('ID of the customer.'),
    payment_method: z.string().optional().describe('ID of the payment method, pm_…'),
    confirm: z.boolean().optional().describe('Charges at once.'),
    off_session: z.boolean().optional().describe('The customer is not there to confirm.'),
    description: z.string().max(1_000).optional().describe('What it is for.'),
    receipt_email: z.email().optional().describe('Where the receipt goes.'),
    metadata,
  }),
  tags: ['payments'],
  security: scopes('read_write'),
  examples: [
    {
      description: 'Begun, not charged',
      arguments: { amount: 1999, currency: 'eur', customer: 'cus_NffrFeUfNV2Hib', description: 'Order 77' },
    },
  ],
  http: { method: 'POST', path: '/payment_intents', body: form },
  effect: keyed,
  compensation: {
    tool: 'stripe_cancel_payment_intent',
    arguments: { payment_intent: { from: '/result/id' } },
  },
});
