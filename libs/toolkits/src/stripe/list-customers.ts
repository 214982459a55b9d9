import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, reading } from './provider.js';

export const listCustomers = defineTool({
  slug: 'stripe_list_customers',
  version: '1.0.0',
  provider,
  description: 'Lists customers, the newest first, or those of one address.',
  input: z.strictObject({ email: z.email().optional().describe('Exactly this address.'), ...pageOf }),
  tags: ['customers'],
  security: reading,
  examples: [{ description: 'By address', arguments: { email: 'ada@example.com' } }],
  http: { method: 'GET', path: '/customers', headers },
  effect: { class: 'read' },
  pagination: pages,
});
