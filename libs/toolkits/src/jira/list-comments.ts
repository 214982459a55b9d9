import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const listComments = defineTool({
  slug: 'jira_list_comments',
  version: '1.0.0',
  provider,
  description: 'Lists the comments of an issue.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    startAt: z.int().min(0).optional().describe('Where the page begins.'),
    maxResults: z.int().min(1).max(5_000).optional().describe('How many at most.'),
    orderBy: z.enum(['created', '-created']).optional().describe('Default: the oldest first.'),
  }),
  tags: ['issues', 'comments'],
  security: scopes('read:jira-work'),
  examples: [
    {
      description: 'The newest comments',
      arguments: { issueIdOrKey: 'SHOP-42', orderBy: '-created', maxResults: 10 },
    },
  ],
  http: { method: 'GET', path: '/issue/{issueIdOrKey}/comment' },
  effect: { class: 'read' },
  pagination: { by: 'offset', argument: 'startAt', items: '/comments', total: '/total' },
});
