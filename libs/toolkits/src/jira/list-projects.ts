import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const listProjects = defineTool({
  slug: 'jira_list_projects',
  version: '1.0.0',
  provider,
  description: 'Lists projects with their keys.',
  input: z.strictObject({
    query: z.string().optional().describe('A part of the name or key.'),
    startAt: z.int().min(0).optional().describe('Where the page begins.'),
    maxResults: z.int().min(1).max(100).optional().describe('How many at most. Default 50.'),
  }),
  tags: ['projects'],
  security: scopes('read:jira-work'),
  examples: [{ description: 'All projects', arguments: { maxResults: 50 } }],
  http: { method: 'GET', path: '/project/search' },
  effect: { class: 'read' },
  pagination: { by: 'offset', argument: 'startAt', items: '/values', total: '/total' },
});
