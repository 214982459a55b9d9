import { defineTool } from '@action-mesh/tools';

import { provider, scopes, searchInput } from './provider.js';

export const searchContacts = defineTool({
  slug: 'hubspot_search_contacts',
  version: '1.0.0',
  provider,
  description:
    'Finds contacts by words or by filters on their properties. What was written in the last seconds may be missing.',
  input: searchInput,
  tags: ['contacts', 'search'],
  security: scopes('crm.objects.contacts.read'),
  examples: [
    {
      description: 'By address',
      arguments: {
        filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: 'ada@example.com' }] }],
        properties: ['email', 'firstname'],
      },
    },
  ],
  http: { method: 'POST', path: '/crm/objects/2026-03/contacts/search' },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'after', at: '/paging/next/after' },
});
