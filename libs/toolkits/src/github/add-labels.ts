import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const addLabels = defineTool({
  slug: 'github_add_labels',
  version: '1.0.0',
  provider,
  description: 'Puts labels on an issue or pull request, beside those that it has.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    issue_number: z.int().min(1).describe('Number of the issue or pull request.'),
    labels: z.array(z.string().min(1)).min(1).max(100).describe('Names of labels.'),
  }),
  tags: ['issues', 'labels'],
  security: scopes('repo'),
  examples: [
    {
      description: 'Triage',
      arguments: { owner: 'acme', repo: 'shop', issue_number: 42, labels: ['bug', 'p1'] },
    },
  ],
  http: { method: 'POST', path: '/repos/{owner}/{repo}/issues/{issue_number}/labels', headers },
  effect: { class: 'idempotent', because: 'an issue has each label once' },
});
