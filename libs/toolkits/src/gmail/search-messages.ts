import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { provider, readonly, scopes } from './provider.js';

export const searchMessages = defineTool({
  slug: 'gmail_search_messages',
  version: '1.0.0',
  provider,
  description:
    'Finds messages as the search box of Gmail does. Returns IDs and threads only: get_message reads one.',
  input: z.strictObject({
    q: z.string().optional().describe('Gmail search, such as from:ada@example.com newer_than:7d is:unread.'),
    labelIds: z.array(z.string()).optional().describe('Only messages with all of these labels.'),
    includeSpamTrash: z.boolean().optional().describe('Looks into spam and trash too.'),
    maxResults: z.int().min(1).max(500).optional().describe('How many at most.'),
    pageToken: z.string().optional().describe('nextPageToken of the page before.'),
  }),
  tags: ['mail'],
  security: scopes(readonly),
  examples: [
    { description: 'Unread mail of a week', arguments: { q: 'is:unread newer_than:7d', maxResults: 20 } },
  ],
  http: { method: 'GET', path: '/users/me/messages', answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'pageToken', at: '/nextPageToken' },
});
