import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, provider, scopes } from './provider.js';

/** Slack refuses a repetition with the same error whether the message was cancelled or has been posted. */
export const cancelScheduledMessage = defineTool({
  slug: 'slack_cancel_scheduled_message',
  version: '1.0.0',
  provider,
  description: 'Takes back a scheduled message that has not been posted yet.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    scheduled_message_id: z.string().min(1).describe('What schedule_message returned.'),
  }),
  tags: ['chat', 'messages'],
  security: scopes('chat:write'),
  examples: [
    {
      description: 'A reminder that nobody needs',
      arguments: { channel: 'C0123456789', scheduled_message_id: 'Q1298393284' },
    },
  ],
  http: { method: 'POST', path: '/chat.deleteScheduledMessage', failure, answers },
  effect: { class: 'opaque' },
});
