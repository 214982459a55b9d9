import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, metadata, provider, scopes } from './provider.js';

export const createPaymentIntent = defineTool({
  slug: 'stripe_create_payment_intent',
  version: '1.0.0',
  provider,
  description:
    'Begins a payment. With confirm and a payment_method it charges at once; without, nobody is charged yet. Undoing cancels it, which fails once it has succeeded: create_refund gives that back.',
  input: z.strictObject({
    amount: z.int().min(1).describe('In the smallest unit of the currency, such as cents.'),
    currency: z.string().length(3).describe('Three letters in lower case, such as eur.'),
    customer: z.string().optional().describe('ID of the customer.'),
    payment_method: z.string().optional().describe('ID of the payment method, pm_…'),
    confirm: z.boolean().optional().describe('Charges at once.'),
    off_session: z.boolean().optional().describe('With confirm: the customer is not there to authenticate.'),
    return_url: z
      .url()
      .optional()
      .describe('With confirm: where the customer comes back to from a method that leads elsewhere.'),
    automatic_payment_methods: z
      .strictObject({
        enabled: z.boolean(),
        allow_redirects: z.enum(['always', 'never']).optional(),
      })
      .optional()
      .describe(
        'Methods as set in the Dashboard, as is the default. Without a return_url, confirm needs allow_redirects never.',
      ),
    description: z.string().max(1_000).optional().describe('What it is for.'),
    receipt_email: z.email().optional().describe('Where the receipt goes.'),
    metadata,
  }),
  tags: ['payments'],
  security: scopes('read_write'),
  examples: [
    {
      description: 'Begun, not charged',
      arguments: {
        amount: 1999,
        currency: 'eur',
        customer: 'cus_NffrFeUfNV2Hib',
        description: 'Order 77',
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      },
    },
  ],
  http: { method: 'POST', path: '/payment_intents', headers, body: form },
  effect: keyed,
  compensation: {
    tool: 'stripe_cancel_payment_intent',
    arguments: { payment_intent: { from: '/result/id' } },
  },
});
