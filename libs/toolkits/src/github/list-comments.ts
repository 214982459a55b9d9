import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const listComments = defineTool({
  slug: 'github_list_comments',
  version: '1.0.0',
  provider,
  description: 'Lists the comments of an issue or pull request, the oldest first.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    issue_number: z.int().min(1).describe('Number of the issue or pull request.'),
    since: z.iso.datetime().optional().describe('Only comments that were changed after this time.'),
    per_page: z.int().min(1).max(100).optional().describe('How many at most. Default 30.'),
    page: z.int().min(1).optional().describe('Which page, from 1.'),
  }),
  tags: ['issues', 'comments'],
  security: scopes('repo'),
  examples: [{ description: 'What was said', arguments: { owner: 'acme', repo: 'shop', issue_number: 42 } }],
  http: { method: 'GET', path: '/repos/{owner}/{repo}/issues/{issue_number}/comments', headers },
  effect: { class: 'read' },
  pagination: { by: 'link' },
});
