import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, reading } from './provider.js';

export const listInvoices = defineTool({
  slug: 'stripe_list_invoices',
  version: '1.0.0',
  provider,
  description: 'Lists invoices, the newest first.',
  input: z.strictObject({
    customer: z.string().optional().describe('Only of this customer.'),
    status: z
      .enum(['draft', 'open', 'paid', 'uncollectible', 'void'])
      .optional()
      .describe('Only in this state.'),
    ...pageOf,
  }),
  tags: ['invoices'],
  security: reading,
  examples: [{ description: 'What is owed', arguments: { customer: 'cus_NffrFeUfNV2Hib', status: 'open' } }],
  http: { method: 'GET', path: '/invoices', headers },
  effect: { class: 'read' },
  pagination: pages,
});
