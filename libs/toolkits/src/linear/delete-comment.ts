import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, provider, scopes } from './provider.js';

/** Linear does not document its answer to a repeated deletion. */
export const deleteComment = defineTool({
  slug: 'linear_delete_comment',
  version: '1.0.0',
  provider,
  description: 'Deletes a comment on an issue for good.',
  input: z.strictObject({ id: z.string().min(1).describe('ID of the comment.') }),
  tags: ['issues', 'comments'],
  security: scopes('write'),
  examples: [
    { description: 'A comment made by mistake', arguments: { id: '3f2c1a6e-0a0b-4c56-9d0e-6a8f7b1c2d3e' } },
  ],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation('mutation DeleteComment($id: String!) { commentDelete(id: $id) { success } }'),
    failure,
    answers,
  },
  effect: { class: 'opaque' },
});
