import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { form, headers, keyed, metadata, provider, scopes } from './provider.js';

export const createCustomer = defineTool({
  slug: 'stripe_create_customer',
  version: '1.0.0',
  provider,
  description:
    'Creates a customer. Stripe makes another one for an address that it knows already: look first with list_customers.',
  input: z.strictObject({
    email: z.email().max(512).optional().describe('Address for receipts.'),
    name: z.string().max(256).optional().describe('Full name, or name of the business.'),
    phone: z.string().max(20).optional().describe('Telephone number.'),
    description: z.string().max(5_000).optional().describe('For people of your team.'),
    metadata,
  }),
  tags: ['customers'],
  security: scopes('read_write'),
  examples: [
    {
      description: 'A customer',
      arguments: { email: 'ada@example.com', name: 'Ada Okafor', metadata: { crm_id: '4711' } },
    },
  ],
  http: { method: 'POST', path: '/customers', headers, body: form },
  effect: keyed,
});
