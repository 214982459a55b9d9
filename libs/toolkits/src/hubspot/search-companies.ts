import { defineTool } from '@action-mesh/tools';

import { provider, scopes, searchInput } from './provider.js';

export const searchCompanies = defineTool({
  slug: 'hubspot_search_companies',
  version: '1.0.0',
  provider,
  description:
    'Finds companies by words or by filters on their properties. What was written in the last seconds may be missing.',
  input: searchInput,
  tags: ['companies', 'search'],
  security: scopes('crm.objects.companies.read'),
  examples: [
    {
      description: 'By domain',
      arguments: {
        filterGroups: [{ filters: [{ propertyName: 'domain', operator: 'EQ', value: 'acme.example' }] }],
      },
    },
  ],
  http: { method: 'POST', path: '/crm/objects/2026-03/companies/search' },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'after', at: '/paging/next/after' },
});
