import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, pageOf, pagesOf, provider, scopes } from './provider.js';

export const listProjects = defineTool({
  slug: 'linear_list_projects',
  version: '1.0.0',
  provider,
  description: 'Lists projects with their state and progress.',
  input: z.strictObject({ ...pageOf }),
  tags: ['projects'],
  security: scopes('read'),
  examples: [{ description: 'All projects', arguments: { first: 20 } }],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'query Projects($first: Int, $after: String) { projects(first: $first, after: $after) { nodes { id name url progress targetDate status { name type } } pageInfo { hasNextPage endCursor } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'read' },
  pagination: pagesOf('projects'),
});
