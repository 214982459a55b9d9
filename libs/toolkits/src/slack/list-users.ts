import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, provider, scopes } from './provider.js';

export const listUsers = defineTool({
  slug: 'slack_list_users',
  version: '1.0.0',
  provider,
  description: 'Lists the members of the workspace, bots and deactivated ones among them.',
  input: z.strictObject({
    cursor: z.string().optional().describe('next_cursor of the page before.'),
    limit: z.int().min(1).max(999).optional().describe('How many at most.'),
  }),
  tags: ['people'],
  security: scopes('users:read'),
  examples: [{ description: 'The first page', arguments: { limit: 200 } }],
  http: { method: 'GET', path: '/users.list', failure, answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'cursor', at: '/response_metadata/next_cursor' },
});
