import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, pageOf, pages, provider, scopes } from './provider.js';

export const listBlocks = defineTool({
  slug: 'notion_list_blocks',
  version: '1.0.0',
  provider,
  description: 'Reads the blocks within a page or block, one level deep.',
  input: z.strictObject({
    block_id: z.string().min(1).describe('ID of the block, or of a page.'),
    ...pageOf,
  }),
  tags: ['blocks'],
  security: scopes(),
  examples: [
    { description: 'The text of a page', arguments: { block_id: '59833787-2cf9-4fdf-8782-e53db20768a5' } },
  ],
  http: { method: 'GET', path: '/blocks/{block_id}/children', headers },
  effect: { class: 'read' },
  pagination: pages,
});
