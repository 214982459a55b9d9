import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { provider, scopes } from './provider.js';

export const deleteComment = defineTool({
  slug: 'jira_delete_comment',
  version: '1.0.0',
  provider,
  description: 'Deletes a comment on an issue.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    id: z.string().min(1).describe('ID of the comment.'),
  }),
  tags: ['issues', 'comments'],
  security: scopes('write:jira-work'),
  examples: [
    { description: 'A comment made by mistake', arguments: { issueIdOrKey: 'SHOP-42', id: '10001' } },
  ],
  http: { method: 'DELETE', path: '/issue/{issueIdOrKey}/comment/{id}', answers: gone },
  effect: { class: 'idempotent' },
});
