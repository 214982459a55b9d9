import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const listIssues = defineTool({
  slug: 'github_list_issues',
  version: '1.0.0',
  provider,
  description: 'Lists issues of a repository; pull requests are among them and have the member pull_request.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    state: z.enum(['open', 'closed', 'all']).optional().describe('Default open.'),
    labels: z.string().optional().describe('Names of labels, separated by commas; an issue has all of them.'),
    assignee: z.string().optional().describe('Login of the assignee, none, or *.'),
    since: z.iso.datetime().optional().describe('Only issues that were changed after this time.'),
    per_page: z.int().min(1).max(100).optional().describe('How many at most. Default 30.'),
    page: z.int().min(1).optional().describe('Which page, from 1.'),
  }),
  tags: ['issues'],
  security: scopes('repo'),
  examples: [{ description: 'Open bugs', arguments: { owner: 'acme', repo: 'shop', labels: 'bug' } }],
  http: { method: 'GET', path: '/repos/{owner}/{repo}/issues', headers },
  effect: { class: 'read' },
  pagination: { by: 'link' },
});
