import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const updateIssue = defineTool({
  slug: 'github_update_issue',
  version: '1.0.0',
  provider,
  description:
    'Changes an issue or pull request: what is given replaces what was there, labels and assignees as whole lists. Closes with state closed.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    issue_number: z.int().min(1).describe('Number of the issue or pull request.'),
    title: z.string().min(1).max(256).optional().describe('The new title.'),
    body: z.string().max(65_536).optional().describe('The new text, in Markdown.'),
    state: z.enum(['open', 'closed']).optional().describe('Opens or closes it.'),
    state_reason: z
      .enum(['completed', 'not_planned', 'duplicate', 'reopened'])
      .optional()
      .describe('Why; only together with state.'),
    labels: z
      .array(z.string())
      .max(100)
      .optional()
      .describe('All labels that it is to have. Left out without a word if the user may not push.'),
    assignees: z
      .array(z.string())
      .max(10)
      .optional()
      .describe('All assignees that it is to have. Left out without a word if the user may not push.'),
  }),
  tags: ['issues'],
  security: scopes('repo'),
  examples: [
    {
      description: 'Close as done',
      arguments: {
        owner: 'acme',
        repo: 'shop',
        issue_number: 42,
        state: 'closed',
        state_reason: 'completed',
      },
    },
  ],
  http: { method: 'PATCH', path: '/repos/{owner}/{repo}/issues/{issue_number}', headers },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
