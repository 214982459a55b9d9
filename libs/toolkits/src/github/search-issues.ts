import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const searchIssues = defineTool({
  slug: 'github_search_issues',
  version: '1.0.0',
  provider,
  description: "Finds issues and pull requests over all repositories by GitHub's search syntax.",
  input: z.strictObject({
    q: z
      .string()
      .min(1)
      .max(256)
      .describe(
        'Search, such as repo:acme/shop is:issue is:open label:bug; with is:issue or is:pull-request.',
      ),
    sort: z
      .enum(['comments', 'reactions', 'created', 'updated'])
      .optional()
      .describe('Default: the best match.'),
    order: z.enum(['asc', 'desc']).optional().describe('Default desc.'),
    per_page: z.int().min(1).max(100).optional().describe('How many at most. Default 30.'),
    page: z.int().min(1).optional().describe('Which page, from 1.'),
  }),
  tags: ['issues', 'search'],
  security: scopes('repo'),
  examples: [
    {
      description: 'Open bugs',
      arguments: { q: 'repo:acme/shop is:issue is:open label:bug', sort: 'updated' },
    },
  ],
  http: { method: 'GET', path: '/search/issues', headers },
  effect: { class: 'read' },
  pagination: { by: 'link' },
});
