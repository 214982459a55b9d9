import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, provider, scopes } from './provider.js';

export const archiveIssue = defineTool({
  slug: 'linear_archive_issue',
  version: '1.0.0',
  provider,
  description: 'Archives an issue. It can be found and restored.',
  input: z.strictObject({
    id: z.string().min(1).describe('ID of the issue, or its identifier such as ENG-42.'),
  }),
  tags: ['issues'],
  security: scopes('write'),
  examples: [{ description: 'Out of the way', arguments: { id: 'ENG-42' } }],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation('mutation Archive($id: String!) { issueArchive(id: $id) { success } }'),
    failure,
    answers,
  },
  effect: { class: 'idempotent', because: 'an issue is archived or not' },
});
