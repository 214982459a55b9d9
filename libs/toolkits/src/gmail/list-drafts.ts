import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { provider, readonly, scopes } from './provider.js';

export const listDrafts = defineTool({
  slug: 'gmail_list_drafts',
  version: '1.0.0',
  provider,
  description: 'Lists drafts, with the IDs of their messages.',
  input: z.strictObject({
    q: z.string().optional().describe('Gmail search.'),
    maxResults: z.int().min(1).max(500).optional().describe('How many at most.'),
    pageToken: z.string().optional().describe('nextPageToken of the page before.'),
  }),
  tags: ['mail', 'drafts'],
  security: scopes(readonly),
  examples: [{ description: 'All drafts', arguments: { maxResults: 50 } }],
  http: { method: 'GET', path: '/users/me/drafts', answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'pageToken', at: '/nextPageToken' },
});
