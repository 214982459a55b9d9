import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { provider, scopes } from './provider.js';

export const deleteIssue = defineTool({
  slug: 'jira_delete_issue',
  version: '1.0.0',
  provider,
  description: 'Deletes an issue for good. Issues with subtasks are refused unless deleteSubtasks is true.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    deleteSubtasks: z.enum(['true', 'false']).optional().describe('Deletes its subtasks too.'),
  }),
  tags: ['issues'],
  security: scopes('write:jira-work'),
  examples: [{ description: 'An issue made by mistake', arguments: { issueIdOrKey: 'SHOP-42' } }],
  http: { method: 'DELETE', path: '/issue/{issueIdOrKey}', answers: gone },
  effect: { class: 'idempotent' },
});
