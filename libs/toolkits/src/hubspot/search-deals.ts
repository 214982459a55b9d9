import { defineTool } from '@action-mesh/tools';

import { provider, scopes, searchInput } from './provider.js';

export const searchDeals = defineTool({
  slug: 'hubspot_search_deals',
  version: '1.0.0',
  provider,
  description:
    'Finds deals by words or by filters on their properties. What was written in the last seconds may be missing.',
  input: searchInput,
  tags: ['deals', 'search'],
  security: scopes('crm.objects.deals.read'),
  examples: [
    { description: 'By words', arguments: { query: 'renewal', limit: 20 } },
    {
      description: 'The largest of a span of amounts',
      arguments: {
        filterGroups: [
          { filters: [{ propertyName: 'amount', operator: 'BETWEEN', value: '10000', highValue: '50000' }] },
        ],
        sorts: [{ propertyName: 'amount', direction: 'DESCENDING' }],
      },
    },
  ],
  http: { method: 'POST', path: '/crm/objects/2026-03/deals/search' },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'after', at: '/paging/next/after' },
});
