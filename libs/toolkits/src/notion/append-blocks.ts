import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { blocks, headers, provider, scopes } from './provider.js';

export const appendBlocks = defineTool({
  slug: 'notion_append_blocks',
  version: '1.0.0',
  provider,
  description: 'Adds blocks at the end of a page or block, or after one of its blocks.',
  input: z.strictObject({
    block_id: z.string().min(1).describe('ID of the block, or of a page.'),
    children: blocks,
    after: z.string().optional().describe('ID of the block after which they go.'),
  }),
  tags: ['blocks'],
  security: scopes(),
  examples: [
    {
      description: 'A paragraph',
      arguments: {
        block_id: '59833787-2cf9-4fdf-8782-e53db20768a5',
        children: [{ type: 'paragraph', paragraph: { rich_text: [{ text: { content: 'Shipped.' } }] } }],
      },
    },
  ],
  http: { method: 'PATCH', path: '/blocks/{block_id}/children', headers },
  effect: { class: 'opaque' },
});
