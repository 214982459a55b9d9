import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { answers, failure, operation, provider, scopes } from './provider.js';

export const createComment = defineTool({
  slug: 'linear_create_comment',
  version: '1.0.0',
  provider,
  description: 'Comments on an issue.',
  input: z.strictObject({
    input: z
      .strictObject({
        issueId: z.string().min(1).describe('ID of the issue, or its identifier such as ENG-42.'),
        body: z.string().min(1).max(100_000).describe('The comment, in Markdown.'),
        parentId: z.string().optional().describe('The comment that it answers.'),
      })
      .describe('The comment.'),
  }),
  tags: ['issues', 'comments'],
  security: anyOf(scopes, 'comments:create', 'write'),
  examples: [
    { description: 'An answer', arguments: { input: { issueId: 'ENG-42', body: 'Fixed in 2.4.1.' } } },
  ],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'mutation Comment($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id url } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'linear_delete_comment',
    arguments: { id: { from: '/result/data/commentCreate/comment/id' } },
  },
});
