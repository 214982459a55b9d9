import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, scopes } from './provider.js';

export const listComments = defineTool({
  slug: 'notion_list_comments',
  version: '1.0.0',
  provider,
  description: 'Reads the open comments on a page or block.',
  input: z.strictObject({
    block_id: z.string().min(1).describe('ID of the block, or of a page.'),
    ...pageOf,
  }),
  tags: ['comments'],
  security: scopes(),
  examples: [{ description: 'On a page', arguments: { block_id: '59833787-2cf9-4fdf-8782-e53db20768a5' } }],
  http: { method: 'GET', path: '/comments', headers },
  effect: { class: 'read' },
  pagination: pages,
});
