import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { answers, failure, issueFields, operation, provider, scopes } from './provider.js';

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
        ...issueFields,
      })
      .describe('The issue.'),
  }),
  tags: ['issues'],
  security: anyOf(scopes, 'issues:create', 'write'),
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
    answers,
  },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'linear_archive_issue',
    arguments: { id: { from: '/result/data/issueCreate/issue/id' } },
  },
});
