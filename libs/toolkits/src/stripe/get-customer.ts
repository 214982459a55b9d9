import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, reading } from './provider.js';

export const getCustomer = defineTool({
  slug: 'stripe_get_customer',
  version: '1.0.0',
  provider,
  description: 'Reads one customer: address, balance, default payment method, metadata.',
  input: z.strictObject({ customer: z.string().min(1).describe('ID of the customer, cus_…') }),
  tags: ['customers'],
  security: reading,
  examples: [{ description: 'A customer', arguments: { customer: 'cus_NffrFeUfNV2Hib' } }],
  http: { method: 'GET', path: '/customers/{customer}', headers },
  effect: { class: 'read' },
});
