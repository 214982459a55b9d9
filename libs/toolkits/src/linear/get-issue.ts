import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, provider, scopes } from './provider.js';

export const getIssue = defineTool({
  slug: 'linear_get_issue',
  version: '1.0.0',
  provider,
  description: 'Reads one issue with its description, labels and newest twenty comments.',
  input: z.strictObject({
    id: z.string().min(1).describe('ID of the issue, or its identifier such as ENG-42.'),
  }),
  tags: ['issues'],
  security: scopes('read'),
  examples: [{ description: 'An issue', arguments: { id: 'ENG-42' } }],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation(
      'query Issue($id: String!) { issue(id: $id) { id identifier title url priority state { id name type } assignee { id name } team { id key } description dueDate labels { nodes { id name } } comments(first: 20) { nodes { id body createdAt user { id name } } } } }',
    ),
    failure,
    answers,
  },
  effect: { class: 'read' },
});
