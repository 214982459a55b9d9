import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { answers, failure, provider, scopes } from './provider.js';

export const readThread = defineTool({
  slug: 'slack_read_thread',
  version: '1.0.0',
  provider,
  description:
    'Reads a message and the replies in its thread, the oldest first. In channels it takes the connection of a user; that of an app reads direct conversations only.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    ts: z.string().min(1).describe('Timestamp of the message, which is its ID: 1716912345.678900.'),
    cursor: z.string().optional().describe('next_cursor of the page before.'),
    limit: z
      .int()
      .min(1)
      .max(999)
      .optional()
      .describe('How many at most; apps outside the Marketplace get 15 at most.'),
  }),
  tags: ['messages'],
  security: anyOf(scopes, 'channels:history', 'groups:history', 'im:history', 'mpim:history'),
  examples: [
    { description: 'A whole thread', arguments: { channel: 'C0123456789', ts: '1716912345.678900' } },
  ],
  http: { method: 'GET', path: '/conversations.replies', failure, answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'cursor', at: '/response_metadata/next_cursor' },
});
