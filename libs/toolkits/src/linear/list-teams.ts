import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, pageOf, pagesOf, provider, scopes } from './provider.js';

export const listTeams = defineTool({
  slug: 'linear_list_teams',
  version: '1.0.0',
  provider,
  description:
    'Lists teams with their keys, and of each up to 25 workflow states and 50 labels. Look here for the IDs that issues need.',
  input: z.strictObject({
    ...pageOf,
    first: z.int().min(1).max(50).optional().describe('How many at most. Default 50.'),
  }),
  tags: ['teams'],
  security: scopes('read'),
  examples: [{ description: 'All teams', arguments: { first: 20 } }],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'query Teams($first: Int, $after: String) { teams(first: $first, after: $after) { nodes { id key name states(first: 25) { nodes { id name type } } labels(first: 50) { nodes { id name } } } pageInfo { hasNextPage endCursor } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'read' },
  pagination: pagesOf('teams'),
});
