import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, reading } from './provider.js';

export const listCharges = defineTool({
  slug: 'stripe_list_charges',
  version: '1.0.0',
  provider,
  description: 'Lists charges, the newest first, or those of one customer or payment.',
  input: z.strictObject({
    customer: z.string().optional().describe('Only of this customer.'),
    payment_intent: z.string().optional().describe('Only of this payment.'),
    ...pageOf,
  }),
  tags: ['payments'],
  security: reading,
  examples: [{ description: 'Of a customer', arguments: { customer: 'cus_NffrFeUfNV2Hib', limit: 5 } }],
  http: { method: 'GET', path: '/charges', headers },
  effect: { class: 'read' },
  pagination: pages,
});
