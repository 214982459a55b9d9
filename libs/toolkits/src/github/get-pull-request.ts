import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const getPullRequest = defineTool({
  slug: 'github_get_pull_request',
  version: '1.0.0',
  provider,
  description:
    'Reads one pull request: state, branches, whether it can be merged (null: ask again shortly), counts of commits and changed files.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    pull_number: z.int().min(1).describe('Number of the pull request.'),
  }),
  tags: ['pull requests'],
  security: scopes('repo'),
  examples: [{ description: 'A pull request', arguments: { owner: 'acme', repo: 'shop', pull_number: 7 } }],
  http: { method: 'GET', path: '/repos/{owner}/{repo}/pulls/{pull_number}', headers },
  effect: { class: 'read' },
});
