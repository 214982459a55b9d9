import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

/**
 * GitHub refuses a second merge, and the mesh would report that as a failure. A person decides about an unknown
 * outcome.
 */
export const mergePullRequest = defineTool({
  slug: 'github_merge_pull_request',
  version: '1.0.0',
  provider,
  description: 'Merges a pull request. With sha only if its head is still that commit.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    pull_number: z.int().min(1).describe('Number of the pull request.'),
    merge_method: z.enum(['merge', 'squash', 'rebase']).optional().describe('Default merge.'),
    commit_title: z.string().optional().describe('First line of the commit.'),
    sha: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional()
      .describe('The head that was reviewed.'),
  }),
  tags: ['pull requests'],
  security: scopes('repo'),
  examples: [
    {
      description: 'Squash what was reviewed',
      arguments: {
        owner: 'acme',
        repo: 'shop',
        pull_number: 7,
        merge_method: 'squash',
        sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
      },
    },
  ],
  http: { method: 'PUT', path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge', headers },
  effect: { class: 'opaque' },
});
