import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const searchUsers = defineTool({
  slug: 'jira_search_users',
  version: '1.0.0',
  provider,
  description: 'Finds users by name or e-mail address. Returns account IDs.',
  input: z.strictObject({
    query: z.string().min(1).describe('The beginning of the name or of the address.'),
    maxResults: z.int().min(1).max(1_000).optional().describe('How many at most. Default 50.'),
  }),
  tags: ['people'],
  security: scopes('read:jira-user'),
  examples: [{ description: 'By name', arguments: { query: 'ada' } }],
  http: { method: 'GET', path: '/user/search' },
  effect: { class: 'read' },
});
