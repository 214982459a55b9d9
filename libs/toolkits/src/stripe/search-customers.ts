import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, reading } from './provider.js';

export const searchCustomers = defineTool({
  slug: 'stripe_search_customers',
  version: '1.0.0',
  provider,
  description:
    "Finds customers by Stripe's search language. What was written in the last minute may be missing.",
  input: z.strictObject({
    query: z.string().min(1).describe("Such as name~'ada' AND metadata['crm_id']:'4711'."),
    limit: z.int().min(1).max(100).optional().describe('How many at most.'),
    page: z.string().optional().describe('next_page of the page before.'),
  }),
  tags: ['customers', 'search'],
  security: reading,
  examples: [{ description: 'By own ID', arguments: { query: "metadata['crm_id']:'4711'" } }],
  http: { method: 'GET', path: '/customers/search', headers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'page', at: '/next_page', more: '/has_more' },
});
