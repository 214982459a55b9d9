import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const getDataSource = defineTool({
  slug: 'notion_get_data_source',
  version: '1.0.0',
  provider,
  description:
    'Reads a data source: its title, and its properties with their types and options. Look here before writing rows.',
  input: z.strictObject({
    data_source_id: z.string().min(1).describe('ID of the data source: get_database lists them.'),
  }),
  tags: ['databases'],
  security: scopes(),
  examples: [
    { description: 'A data source', arguments: { data_source_id: '6b1f0c52-7d3e-4a19-9c84-2e5a7f3b8d10' } },
  ],
  http: { method: 'GET', path: '/data_sources/{data_source_id}', headers },
  effect: { class: 'read' },
});
