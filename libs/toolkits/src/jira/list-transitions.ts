import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const listTransitions = defineTool({
  slug: 'jira_list_transitions',
  version: '1.0.0',
  provider,
  description:
    'Lists the transitions that the connected user can make on an issue now, with the status that each leads to.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
  }),
  tags: ['issues', 'workflow'],
  security: scopes('read:jira-work'),
  examples: [{ description: 'What can be done next', arguments: { issueIdOrKey: 'SHOP-42' } }],
  http: { method: 'GET', path: '/issue/{issueIdOrKey}/transitions' },
  effect: { class: 'read' },
});
