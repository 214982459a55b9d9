import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, pageOf, pagesOf, provider, scopes } from './provider.js';

export const searchIssues = defineTool({
  slug: 'linear_search_issues',
  version: '1.0.0',
  provider,
  description: 'Finds issues by words in title and description.',
  input: z.strictObject({ term: z.string().min(1).describe('Words to look for.'), ...pageOf }),
  tags: ['issues', 'search'],
  security: scopes('read'),
  examples: [{ description: 'By words', arguments: { term: 'empty cart', first: 10 } }],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'query Search($term: String!, $first: Int, $after: String) { searchIssues(term: $term, first: $first, after: $after) { nodes { id identifier title url priority state { id name type } assignee { id name } team { id key } } pageInfo { hasNextPage endCursor } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'read' },
  pagination: pagesOf('searchIssues'),
});
