import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const getIssue = defineTool({
  slug: 'jira_get_issue',
  version: '1.0.0',
  provider,
  description: 'Reads one issue with its fields.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    fields: z.array(z.string()).optional().describe('Only these fields.'),
  }),
  tags: ['issues'],
  security: scopes('read:jira-work'),
  examples: [
    { description: 'An issue', arguments: { issueIdOrKey: 'SHOP-42', fields: ['summary', 'status'] } },
  ],
  http: {
    method: 'GET',
    path: '/issue/{issueIdOrKey}',
    parameters: { fields: { in: 'query', style: 'comma' } },
  },
  effect: { class: 'read' },
});
