import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, provider, scopes } from './provider.js';

export const scheduleMessage = defineTool({
  slug: 'slack_schedule_message',
  version: '1.0.0',
  provider,
  description: 'Has a message posted later, up to 120 days ahead. Returns scheduled_message_id.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    text: z.string().min(1).max(40_000).describe('The message, in mrkdwn.'),
    post_at: z.int().min(0).describe('When, in Unix seconds.'),
    thread_ts: z.string().optional().describe('ts of the message whose thread this belongs to.'),
  }),
  tags: ['chat', 'messages'],
  security: scopes('chat:write'),
  examples: [
    {
      description: 'A reminder',
      arguments: { channel: 'C0123456789', text: 'Stand-up in ten minutes.', post_at: 1798104600 },
    },
  ],
  http: { method: 'POST', path: '/chat.scheduleMessage', failure, answers },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'slack_cancel_scheduled_message',
    arguments: {
      channel: { from: '/result/channel' },
      scheduled_message_id: { from: '/result/scheduled_message_id' },
    },
  },
});
