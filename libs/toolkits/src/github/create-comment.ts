import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const createComment = defineTool({
  slug: 'github_create_comment',
  version: '1.0.0',
  provider,
  description: 'Comments on an issue or pull request.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    issue_number: z.int().min(1).describe('Number of the issue or pull request.'),
    body: z.string().min(1).max(65_536).describe('The comment, in Markdown.'),
  }),
  tags: ['issues', 'comments'],
  security: scopes('repo'),
  examples: [
    {
      description: 'An answer',
      arguments: { owner: 'acme', repo: 'shop', issue_number: 42, body: 'Fixed in 2.4.1.' },
    },
  ],
  http: { method: 'POST', path: '/repos/{owner}/{repo}/issues/{issue_number}/comments', headers },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'github_delete_comment',
    arguments: {
      owner: { from: '/arguments/owner' },
      repo: { from: '/arguments/repo' },
      comment_id: { from: '/result/id' },
    },
  },
});
