import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, pageOf, pagesOf, provider, scopes } from './provider.js';

export const listUsers = defineTool({
  slug: 'linear_list_users',
  version: '1.0.0',
  provider,
  description: 'Lists the members of the workspace with their IDs.',
  input: z.strictObject({
    filter: z
      .looseObject({})
      .optional()
      .describe('UserFilter of Linear, such as { email: { eq: "ada@example.com" } }.'),
    ...pageOf,
  }),
  tags: ['people'],
  security: scopes('read'),
  examples: [{ description: 'By address', arguments: { filter: { email: { eq: 'ada@example.com' } } } }],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'query Users($filter: UserFilter, $first: Int, $after: String) { users(filter: $filter, first: $first, after: $after) { nodes { id name displayName email active } pageInfo { hasNextPage endCursor } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'read' },
  pagination: pagesOf('users'),
});
