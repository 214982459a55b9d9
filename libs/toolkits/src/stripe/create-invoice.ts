import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, metadata, provider, scopes } from './provider.js';

export const createInvoice = defineTool({
  slug: 'stripe_create_invoice',
  version: '1.0.0',
  provider,
  description: 'Makes a draft invoice for a customer. Nobody gets it before it is finalized.',
  input: z.strictObject({
    customer: z.string().min(1).describe('ID of the customer, cus_…'),
    collection_method: z
      .enum(['charge_automatically', 'send_invoice'])
      .optional()
      .describe('Default charge_automatically.'),
    days_until_due: z.int().min(0).optional().describe('With send_invoice.'),
    auto_advance: z.boolean().optional().describe('Whether Stripe finalizes it by itself after an hour.'),
    pending_invoice_items_behavior: z
      .enum(['include', 'exclude'])
      .optional()
      .describe('Whether lines that wait go in. Default exclude.'),
    metadata,
  }),
  tags: ['invoices'],
  security: scopes('read_write'),
  examples: [
    {
      description: 'To be sent',
      arguments: {
        customer: 'cus_NffrFeUfNV2Hib',
        collection_method: 'send_invoice',
        days_until_due: 14,
        pending_invoice_items_behavior: 'include',
      },
    },
  ],
  http: { method: 'POST', path: '/invoices', headers, body: form },
  effect: keyed,
});
