import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { blocks, headers, provider, scopes } from './provider.js';

export const appendBlocks = defineTool({
  slug: 'notion_append_blocks',
  version: '1.0.0',
  provider,
  description: 'Adds blocks to a page or block: at its end, at its beginning, or after one of its blocks.',
  input: z.strictObject({
    block_id: z.string().min(1).describe('ID of the block, or of a page.'),
    children: blocks,
    position: z
      .union([
        z.strictObject({
          type: z.literal('after_block'),
          after_block: z.strictObject({ id: z.string().min(1) }),
        }),
        z.strictObject({ type: z.enum(['start', 'end']) }),
      ])
      .optional()
      .describe('Where they go; after_block takes the ID of a block. Default end.'),
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
    {
      description: 'A step between two others',
      arguments: {
        block_id: '59833787-2cf9-4fdf-8782-e53db20768a5',
        children: [{ type: 'to_do', to_do: { rich_text: [{ text: { content: 'Tell support' } }] } }],
        position: { type: 'after_block', after_block: { id: '9bc30ad4-9373-46a5-84ab-0a7845ee52e6' } },
      },
    },
  ],
  http: { method: 'PATCH', path: '/blocks/{block_id}/children', headers },
  effect: { class: 'opaque' },
});
