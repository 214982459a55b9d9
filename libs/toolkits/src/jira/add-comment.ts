import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { adf, provider, scopes } from './provider.js';

export const addComment = defineTool({
  slug: 'jira_add_comment',
  version: '1.0.0',
  provider,
  description: 'Comments on an issue.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    body: adf,
  }),
  tags: ['issues', 'comments'],
  security: scopes('write:jira-work'),
  examples: [
    {
      description: 'A comment',
      arguments: {
        issueIdOrKey: 'SHOP-42',
        body: {
          type: 'doc',
          version: 1,
          content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Seen in 2.4.' }] }],
        },
      },
    },
  ],
  http: { method: 'POST', path: '/issue/{issueIdOrKey}/comment' },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'jira_delete_comment',
    arguments: { issueIdOrKey: { from: '/arguments/issueIdOrKey' }, id: { from: '/result/id' } },
  },
});
