import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, scopes } from './provider.js';

export const queryDataSource = defineTool({
  slug: 'notion_query_data_source',
  version: '1.0.0',
  provider,
  description: 'Reads rows of a data source, which is a table of a database, filtered and sorted.',
  input: z.strictObject({
    data_source_id: z.string().min(1).describe('ID of the data source: get_database lists them.'),
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
        data_source_id: '6b1f0c52-7d3e-4a19-9c84-2e5a7f3b8d10',
        filter: { property: 'Status', status: { does_not_equal: 'Done' } },
        page_size: 50,
      },
    },
  ],
  http: { method: 'POST', path: '/data_sources/{data_source_id}/query', headers },
  effect: { class: 'read' },
  pagination: pages,
});
