import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, scopes } from './provider.js';

export const listUsers = defineTool({
  slug: 'notion_list_users',
  version: '1.0.0',
  provider,
  description: 'Lists the members of the workspace with their IDs.',
  input: z.strictObject({ ...pageOf }),
  tags: ['people'],
  security: scopes(),
  examples: [{ description: 'The first page', arguments: { page_size: 100 } }],
  http: { method: 'GET', path: '/users', headers },
  effect: { class: 'read' },
  pagination: pages,
});
