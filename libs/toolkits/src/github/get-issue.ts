import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const getIssue = defineTool({
  slug: 'github_get_issue',
  version: '1.0.0',
  provider,
  description: 'Reads one issue: title, body, state, labels, assignees. Comments are apart: list_comments.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    issue_number: z.int().min(1).describe('Number of the issue or pull request.'),
  }),
  tags: ['issues'],
  security: scopes('repo'),
  examples: [{ description: 'An issue', arguments: { owner: 'acme', repo: 'shop', issue_number: 42 } }],
  http: { method: 'GET', path: '/repos/{owner}/{repo}/issues/{issue_number}', headers },
  effect: { class: 'read' },
});
