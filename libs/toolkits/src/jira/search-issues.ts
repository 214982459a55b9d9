import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const searchIssues = defineTool({
  slug: 'jira_search_issues',
  version: '1.0.0',
  provider,
  description: 'Finds issues by JQL. The query has to be bounded, for instance by a project or a time.',
  input: z.strictObject({
    jql: z
      .string()
      .min(1)
      .describe('JQL, such as project = SHOP AND status = "To Do" ORDER BY created DESC.'),
    fields: z
      .array(z.string())
      .optional()
      .describe('Names of the fields to return; without them only IDs come.'),
    maxResults: z.int().min(1).max(5_000).optional().describe('How many at most. Default 50.'),
    nextPageToken: z.string().optional().describe('From the page before.'),
  }),
  tags: ['issues', 'search'],
  security: scopes('read:jira-work'),
  examples: [
    {
      description: 'Open issues of a project',
      arguments: {
        jql: 'project = SHOP AND statusCategory != Done',
        fields: ['summary', 'status', 'assignee'],
      },
    },
  ],
  http: { method: 'POST', path: '/search/jql' },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'nextPageToken', at: '/nextPageToken' },
});
