import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const listPullRequests = defineTool({
  slug: 'github_list_pull_requests',
  version: '1.0.0',
  provider,
  description: 'Lists pull requests of a repository.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    state: z.enum(['open', 'closed', 'all']).optional().describe('Default open.'),
    head: z.string().optional().describe('Only from this branch: account:branch.'),
    base: z.string().optional().describe('Only into this branch.'),
    sort: z
      .enum(['created', 'updated', 'popularity', 'long-running'])
      .optional()
      .describe('Default created.'),
    per_page: z.int().min(1).max(100).optional().describe('How many at most. Default 30.'),
    page: z.int().min(1).optional().describe('Which page, from 1.'),
  }),
  tags: ['pull requests'],
  security: scopes('repo'),
  examples: [
    { description: 'Open ones into main', arguments: { owner: 'acme', repo: 'shop', base: 'main' } },
  ],
  http: { method: 'GET', path: '/repos/{owner}/{repo}/pulls', headers },
  effect: { class: 'read' },
  pagination: { by: 'link' },
});
