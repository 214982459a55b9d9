import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { answers, failure, provider, scopes } from './provider.js';

export const readChannel = defineTool({
  slug: 'slack_read_channel',
  version: '1.0.0',
  provider,
  description:
    'Reads messages of a channel, the newest first. Replies in threads are not among them: read_thread has those.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    cursor: z.string().optional().describe('next_cursor of the page before.'),
    limit: z
      .int()
      .min(1)
      .max(999)
      .optional()
      .describe('How many at most; apps outside the Marketplace get 15 at most.'),
    oldest: z.string().optional().describe('Only messages after this ts.'),
    latest: z.string().optional().describe('Only messages before this ts.'),
  }),
  tags: ['channels', 'messages'],
  security: anyOf(scopes, 'channels:history', 'groups:history', 'im:history', 'mpim:history'),
  examples: [{ description: 'The last twenty messages', arguments: { channel: 'C0123456789', limit: 20 } }],
  http: { method: 'GET', path: '/conversations.history', failure, answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'cursor', at: '/response_metadata/next_cursor' },
});
