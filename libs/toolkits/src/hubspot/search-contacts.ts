import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const searchContacts = defineTool({
  slug: 'hubspot_search_contacts',
  version: '1.0.0',
  provider,
  description:
    'Finds contacts by words or by filters on their properties. What was written in the last seconds may be missing.',
  input: z.strictObject({
    query: z.string().max(3_000).optional().describe('Words to look for in the searchable properties.'),
    filterGroups: z
      .array(
        z.strictObject({
          filters: z
            .array(
              z.strictObject({
                propertyName: z.string(),
                operator: z.enum([
                  'EQ',
                  'NEQ',
                  'LT',
                  'LTE',
                  'GT',
                  'GTE',
                  'IN',
                  'NOT_IN',
                  'HAS_PROPERTY',
                  'NOT_HAS_PROPERTY',
                  'CONTAINS_TOKEN',
                ]),
                value: z.string().optional(),
                values: z.array(z.string()).optional(),
              }),
            )
            .max(6),
        }),
      )
      .max(5)
      .optional()
      .describe('Groups of which one has to hold; within a group all filters have to.'),
    properties: z.array(z.string()).optional().describe('Which properties to return.'),
    limit: z.int().min(1).max(200).optional().describe('How many at most. Default 10.'),
    after: z.string().optional().describe('paging.next.after of the page before.'),
  }),
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
  http: { method: 'POST', path: '/crm/v3/objects/contacts/search' },
  effect: { class: 'read' },
});
