import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, provider, scopes } from './provider.js';

export const finalizeInvoice = defineTool({
  slug: 'stripe_finalize_invoice',
  version: '1.0.0',
  provider,
  description: 'Makes a draft invoice final: it cannot be changed any more, and is charged or can be sent.',
  input: z.strictObject({
    invoice: z.string().min(1).describe('ID of the invoice, in_…'),
    auto_advance: z.boolean().optional().describe('Whether Stripe goes on with it by itself.'),
  }),
  tags: ['invoices'],
  security: scopes('read_write'),
  examples: [{ description: 'Final', arguments: { invoice: 'in_1MtHbELkdIwHu7ixl4OzzPMv' } }],
  http: { method: 'POST', path: '/invoices/{invoice}/finalize', headers, body: form },
  effect: keyed,
});
