import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const createPullRequest = defineTool({
  slug: 'github_create_pull_request',
  version: '1.0.0',
  provider,
  description:
    'Proposes to merge one branch into another. There is at most one open pull request for a pair of branches.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    title: z.string().min(1).max(256).describe('What it does.'),
    head: z.string().min(1).describe('The branch with the changes; account:branch from a fork.'),
    base: z.string().min(1).describe('The branch that it goes into.'),
    body: z.string().max(65_536).optional().describe('The text, in Markdown.'),
    draft: z.boolean().optional().describe('Not ready for review yet.'),
  }),
  tags: ['pull requests'],
  security: scopes('repo'),
  examples: [
    {
      description: 'A fix',
      arguments: {
        owner: 'acme',
        repo: 'shop',
        title: 'Fix empty carts',
        head: 'fix-empty-carts',
        base: 'main',
      },
    },
  ],
  http: { method: 'POST', path: '/repos/{owner}/{repo}/pulls', headers },
  effect: { class: 'opaque' },
});
