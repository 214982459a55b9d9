import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { failure, operation, provider, scopes } from './provider.js';

export const createIssue = defineTool({
  slug: 'linear_create_issue',
  version: '1.0.0',
  provider,
  description: 'Creates an issue in a team. Returns its ID, identifier and address.',
  input: z.strictObject({
    input: z
      .strictObject({
        teamId: z.string().min(1).describe('ID of the team.'),
        title: z.string().min(1).max(512).describe('What it is about.'),
        description: z.string().max(100_000).optional().describe('The text, in Markdown.'),
        assigneeId: z.string().nullable().optional().describe('ID of a user; null for nobody.'),
        stateId: z.string().optional().describe('ID of a workflow state.'),
        priority: z.int().min(0).max(4).optional().describe('0 none, 1 urgent, 2 high, 3 medium, 4 low.'),
        labelIds: z.array(z.string()).optional().describe('IDs of labels, as a whole list.'),
        projectId: z.string().nullable().optional().describe('ID of a project.'),
        dueDate: z.iso.date().nullable().optional().describe('A day.'),
      })
      .describe('The issue.'),
  }),
  tags: ['issues'],
  security: scopes('issues:create'),
  examples: [
    {
      description: 'A bug',
      arguments: {
        input: {
          teamId: '9cfb482a-81e3-4154-b5b9-2c805e70a02d',
          title: 'Checkout fails for empty carts',
          priority: 2,
        },
      },
    },
  ],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'mutation Create($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { id identifier title url priority state { id name type } assignee { id name } team { id key } } } }',
    ),
    failure,
  },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'linear_archive_issue',
    arguments: { id: { from: '/result/data/issueCreate/issue/id' } },
  },
});
