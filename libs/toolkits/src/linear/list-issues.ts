import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, pageOf, pagesOf, provider, scopes } from './provider.js';

export const listIssues = defineTool({
  slug: 'linear_list_issues',
  version: '1.0.0',
  provider,
  description: 'Lists issues that a filter describes, the newest first.',
  input: z.strictObject({
    filter: z
      .looseObject({})
      .optional()
      .describe(
        'IssueFilter of Linear, such as { state: { type: { eq: "started" } }, team: { key: { eq: "ENG" } } }.',
      ),
    ...pageOf,
  }),
  tags: ['issues'],
  security: scopes('read'),
  examples: [
    {
      description: 'Begun, of a team',
      arguments: { filter: { state: { type: { eq: 'started' } }, team: { key: { eq: 'ENG' } } } },
    },
  ],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'query Issues($filter: IssueFilter, $first: Int, $after: String) { issues(filter: $filter, first: $first, after: $after) { nodes { id identifier title url priority state { id name type } assignee { id name } team { id key } } pageInfo { hasNextPage endCursor } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'read' },
  pagination: pagesOf('issues'),
});
