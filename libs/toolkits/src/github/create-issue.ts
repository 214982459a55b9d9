import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

/** GitHub creates a second issue for a repeated request. This API cannot delete an issue, so the undo closes it. */
export const createIssue = defineTool({
  slug: 'github_create_issue',
  version: '1.0.0',
  provider,
  description: 'Opens an issue. Returns its number and address.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
    title: z.string().min(1).max(256).describe('What it is about.'),
    body: z.string().max(65_536).optional().describe('The text, in Markdown.'),
    labels: z
      .array(z.string())
      .max(100)
      .optional()
      .describe('Names of labels. Left out without a word if the user may not push.'),
    assignees: z
      .array(z.string())
      .max(10)
      .optional()
      .describe('Logins. Left out without a word if the user may not push.'),
  }),
  tags: ['issues'],
  security: scopes('repo'),
  examples: [
    {
      description: 'A bug',
      arguments: { owner: 'acme', repo: 'shop', title: 'Checkout fails for empty carts', labels: ['bug'] },
    },
  ],
  http: { method: 'POST', path: '/repos/{owner}/{repo}/issues', headers },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'github_update_issue',
    arguments: {
      owner: { from: '/arguments/owner' },
      repo: { from: '/arguments/repo' },
      issue_number: { from: '/result/number' },
      state: { value: 'closed' },
      state_reason: { value: 'not_planned' },
    },
  },
});
