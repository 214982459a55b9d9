import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { adf, provider, scopes } from './provider.js';

export const updateIssue = defineTool({
  slug: 'jira_update_issue',
  version: '1.0.0',
  provider,
  description:
    'Sets fields of an issue; those that are not given stay. The status is changed by transition_issue.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    fields: z
      .looseObject({
        summary: z.string().min(1).max(255).optional().describe('The new summary.'),
        description: adf.optional(),
      })
      .describe('The fields to set.'),
    notifyUsers: z
      .boolean()
      .optional()
      .describe('Whether watchers are told. Default true; false is ignored without administrator rights.'),
  }),
  tags: ['issues'],
  security: scopes('write:jira-work'),
  examples: [
    {
      description: 'A better summary',
      arguments: { issueIdOrKey: 'SHOP-42', fields: { summary: 'Checkout fails for empty carts in Safari' } },
    },
  ],
  http: { method: 'PUT', path: '/issue/{issueIdOrKey}', parameters: { notifyUsers: { in: 'query' } } },
  effect: { class: 'idempotent' },
});
