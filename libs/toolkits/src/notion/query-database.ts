import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, provider, scopes } from './provider.js';

export const queryDatabase = defineTool({
  slug: 'notion_query_database',
  version: '1.0.0',
  provider,
  description: 'Reads rows of a database, filtered and sorted.',
  input: z.strictObject({
    database_id: z.string().min(1).describe('ID of the database.'),
    filter: z
      .looseObject({})
      .optional()
      .describe('A filter in the shape of the property that it is about, or and/or of several.'),
    sorts: z
      .array(z.looseObject({ direction: z.enum(['ascending', 'descending']) }))
      .optional()
      .describe('The order.'),
    ...pageOf,
  }),
  tags: ['databases', 'search'],
  security: scopes(),
  examples: [
    {
      description: 'Open tasks',
      arguments: {
        database_id: 'd9824bdc-8445-4327-be8b-5b47500af6ce',
        filter: { property: 'Status', status: { does_not_equal: 'Done' } },
        page_size: 50,
      },
    },
  ],
  http: { method: 'POST', path: '/databases/{database_id}/query', headers },
  effect: { class: 'read' },
});
