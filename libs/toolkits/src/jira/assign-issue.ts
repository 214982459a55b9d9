import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const assignIssue = defineTool({
  slug: 'jira_assign_issue',
  version: '1.0.0',
  provider,
  description: 'Assigns an issue to a user, or to nobody.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    accountId: z
      .string()
      .nullable()
      .describe('Account ID of the user; null for nobody, -1 for the default of the project.'),
  }),
  tags: ['issues'],
  security: scopes('write:jira-work'),
  examples: [
    {
      description: 'To a colleague',
      arguments: { issueIdOrKey: 'SHOP-42', accountId: '5b10ac8d82e05b22cc7d4ef5' },
    },
  ],
  http: { method: 'PUT', path: '/issue/{issueIdOrKey}/assignee' },
  effect: { class: 'idempotent' },
});
