import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { headers, provider, scopes } from './provider.js';

export const deleteComment = defineTool({
  slug: 'github_delete_comment',
  version: '1.0.0',
  provider,
  description: 'Deletes a comment on an issue or pull request.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    comment_id: z.int().min(1).describe('ID of the comment.'),
  }),
  tags: ['issues', 'comments'],
  security: scopes('repo'),
  examples: [
    {
      description: 'A comment posted by mistake',
      arguments: { owner: 'acme', repo: 'shop', comment_id: 1234567890 },
    },
  ],
  http: {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    headers,
    answers: gone,
  },
  effect: { class: 'idempotent' },
});
