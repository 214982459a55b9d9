import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const requestReviewers = defineTool({
  slug: 'github_request_reviewers',
  version: '1.0.0',
  provider,
  description: 'Asks people or teams to review a pull request.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    pull_number: z.int().min(1).describe('Number of the pull request.'),
    reviewers: z.array(z.string()).max(15).optional().describe('Logins.'),
    team_reviewers: z.array(z.string()).max(15).optional().describe('Slugs of teams.'),
  }),
  tags: ['pull requests'],
  security: scopes('repo'),
  examples: [
    {
      description: 'One reviewer',
      arguments: { owner: 'acme', repo: 'shop', pull_number: 7, reviewers: ['ada'] },
    },
  ],
  http: { method: 'POST', path: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', headers },
  effect: { class: 'idempotent', because: 'each reviewer is asked once' },
});
