import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const updateBlock = defineTool({
  slug: 'notion_update_block',
  version: '1.0.0',
  provider,
  description: "Sets the content of a block. The member that is set has the name of the block's type.",
  input: z.strictObject({
    block_id: z.string().min(1).describe('ID of the block.'),
    content: z.looseObject({}).describe('Such as { to_do: { checked: true } }.'),
  }),
  tags: ['blocks'],
  security: scopes(),
  examples: [
    {
      description: 'Ticked',
      arguments: { block_id: '9bc30ad4-9373-46a5-84ab-0a7845ee52e6', content: { to_do: { checked: true } } },
    },
  ],
  http: { method: 'PATCH', path: '/blocks/{block_id}', headers, body: { argument: 'content' } },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
