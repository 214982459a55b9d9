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
  examples: [{ description: 'By words', arguments: { query: 'renewal', limit: 20 } }],
  http: { method: 'POST', path: '/crm/v3/objects/deals/search' },
  effect: { class: 'read' },
});
