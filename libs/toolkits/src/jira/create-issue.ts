import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { adf, provider, scopes } from './provider.js';

export const createIssue = defineTool({
  slug: 'jira_create_issue',
  version: '1.0.0',
  provider,
  description:
    'Creates an issue. fields needs at least project, issuetype and summary; projects may require more. Returns its key.',
  input: z.strictObject({
    fields: z
      .looseObject({
        project: z.looseObject({ key: z.string() }).describe('The project, by key.'),
        issuetype: z.looseObject({ name: z.string() }).describe('The type, such as Task or Bug.'),
        summary: z.string().min(1).max(255).describe('What it is about.'),
        description: adf.optional(),
      })
      .describe('The fields; others by their IDs, such as customfield_10010.'),
  }),
  tags: ['issues'],
  security: scopes('write:jira-work'),
  examples: [
    {
      description: 'A bug',
      arguments: {
        fields: {
          project: { key: 'SHOP' },
          issuetype: { name: 'Bug' },
          summary: 'Checkout fails for empty carts',
        },
      },
    },
  ],
  http: { method: 'POST', path: '/issue' },
  effect: { class: 'opaque' },
  compensation: { tool: 'jira_delete_issue', arguments: { issueIdOrKey: { from: '/result/key' } } },
});
