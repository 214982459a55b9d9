import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, metadata, provider, scopes } from './provider.js';

export const updateCustomer = defineTool({
  slug: 'stripe_update_customer',
  version: '1.0.0',
  provider,
  description: 'Sets fields of a customer; those that are not given stay.',
  input: z.strictObject({
    customer: z.string().min(1).describe('ID of the customer, cus_…'),
    email: z.email().max(512).optional().describe('Address for receipts.'),
    name: z.string().max(256).optional().describe('Full name, or name of the business.'),
    phone: z.string().max(20).optional().describe('Telephone number.'),
    description: z.string().max(5_000).optional().describe('For people of your team.'),
    metadata,
  }),
  tags: ['customers'],
  security: scopes('read_write'),
  examples: [
    { description: 'Another name', arguments: { customer: 'cus_NffrFeUfNV2Hib', name: 'Ada Okafor-Smith' } },
  ],
  http: { method: 'POST', path: '/customers/{customer}', headers, body: form },
  effect: keyed,
});
