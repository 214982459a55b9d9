import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, scopes } from './provider.js';

export const search = defineTool({
  slug: 'notion_search',
  version: '1.0.0',
  provider,
  description:
    'Finds pages, and data sources of databases, by title among those that the connection may see.',
  input: z.strictObject({
    query: z.string().optional().describe('Words of the title; without them everything comes.'),
    filter: z
      .strictObject({ property: z.literal('object'), value: z.enum(['page', 'data_source']) })
      .optional()
      .describe('Only pages, or only data sources.'),
    sort: z
      .strictObject({
        timestamp: z.literal('last_edited_time'),
        direction: z.enum(['ascending', 'descending']),
      })
      .optional()
      .describe('The order.'),
    ...pageOf,
  }),
  tags: ['pages', 'search'],
  security: scopes(),
  examples: [
    {
      description: 'Pages about a launch',
      arguments: { query: 'launch', filter: { property: 'object', value: 'page' } },
    },
  ],
  http: { method: 'POST', path: '/search', headers },
  effect: { class: 'read' },
  pagination: pages,
});
