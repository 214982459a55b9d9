import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const createComment = defineTool({
  slug: 'notion_create_comment',
  version: '1.0.0',
  provider,
  description: 'Comments on a page, or answers in a discussion.',
  input: z.strictObject({
    parent: z
      .strictObject({ page_id: z.string().min(1) })
      .optional()
      .describe('The page; or give discussion_id.'),
    discussion_id: z.string().optional().describe('The discussion that it answers in.'),
    rich_text: z
      .array(z.looseObject({ text: z.looseObject({ content: z.string() }) }))
      .min(1)
      .describe('The text.'),
  }),
  tags: ['comments'],
  security: scopes(),
  examples: [
    {
      description: 'On a page',
      arguments: {
        parent: { page_id: '59833787-2cf9-4fdf-8782-e53db20768a5' },
        rich_text: [{ text: { content: 'Looks good.' } }],
      },
    },
  ],
  http: { method: 'POST', path: '/comments', headers },
  effect: { class: 'opaque' },
});
