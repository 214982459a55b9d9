import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, provider, scopes } from './provider.js';

export const createInvoiceItem = defineTool({
  slug: 'stripe_create_invoice_item',
  version: '1.0.0',
  provider,
  description: 'Adds a line to the next invoice of a customer, or to a draft.',
  input: z.strictObject({
    customer: z.string().min(1).describe('ID of the customer, cus_…'),
    amount: z
      .int()
      .describe('In the smallest unit of the currency, such as cents. Below zero it lowers what is due.'),
    currency: z.string().length(3).describe('Three letters in lower case, such as eur.'),
    invoice: z.string().optional().describe('ID of a draft invoice.'),
    description: z.string().max(1_000).optional().describe('What the line says.'),
  }),
  tags: ['invoices'],
  security: scopes('read_write'),
  examples: [
    {
      description: 'An hour of work',
      arguments: { customer: 'cus_NffrFeUfNV2Hib', amount: 12000, currency: 'eur', description: 'One hour' },
    },
  ],
  http: { method: 'POST', path: '/invoiceitems', headers, body: form },
  effect: keyed,
});
