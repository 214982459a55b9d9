import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { headers, provider, scopes } from './provider.js';

export const deleteBlock = defineTool({
  slug: 'notion_delete_block',
  version: '1.0.0',
  provider,
  description: 'Moves a block, and what is within it, to the trash.',
  input: z.strictObject({ block_id: z.string().min(1).describe('ID of the block, or of a page.') }),
  tags: ['blocks'],
  security: scopes(),
  examples: [
    {
      description: 'A paragraph that nobody needs',
      arguments: { block_id: '9bc30ad4-9373-46a5-84ab-0a7845ee52e6' },
    },
  ],
  http: { method: 'DELETE', path: '/blocks/{block_id}', headers, answers: gone },
  effect: { class: 'idempotent' },
});
