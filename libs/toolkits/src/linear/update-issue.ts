import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, issueFields, operation, provider, scopes } from './provider.js';

export const updateIssue = defineTool({
  slug: 'linear_update_issue',
  version: '1.0.0',
  provider,
  description: 'Sets fields of an issue; those that are not given stay.',
  input: z.strictObject({
    id: z.string().min(1).describe('ID of the issue, or its identifier such as ENG-42.'),
    input: z
      .strictObject({
        title: z.string().min(1).max(512).optional().describe('The new title.'),
        teamId: z.string().optional().describe('ID of another team.'),
        ...issueFields,
      })
      .describe('What to set.'),
  }),
  tags: ['issues'],
  security: scopes('write'),
  examples: [
    {
      description: 'In progress',
      arguments: { id: 'ENG-42', input: { stateId: '0fb9f8ec-6cc5-4b1d-8d8e-7a2b5d6f1c3e' } },
    },
  ],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'mutation Update($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success issue { id identifier title url priority state { id name type } assignee { id name } team { id key } } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
