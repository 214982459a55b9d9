import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const getDatabase = defineTool({
  slug: 'notion_get_database',
  version: '1.0.0',
  provider,
  description:
    'Reads a database: its title, and its data sources with their IDs. Rows and properties belong to those: get_data_source.',
  input: z.strictObject({ database_id: z.string().min(1).describe('ID of the database.') }),
  tags: ['databases'],
  security: scopes(),
  examples: [
    { description: 'A database', arguments: { database_id: 'd9824bdc-8445-4327-be8b-5b47500af6ce' } },
  ],
  http: { method: 'GET', path: '/databases/{database_id}', headers },
  effect: { class: 'read' },
});
