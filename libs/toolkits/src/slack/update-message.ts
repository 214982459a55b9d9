import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, provider, scopes } from './provider.js';

export const updateMessage = defineTool({
  slug: 'slack_update_message',
  version: '1.0.0',
  provider,
  description: 'Replaces the text of a message that the connected user or app has posted.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    ts: z.string().min(1).describe('Timestamp of the message, which is its ID: 1716912345.678900.'),
    text: z.string().min(1).max(4_000).describe('The new text, in mrkdwn.'),
  }),
  tags: ['chat', 'messages'],
  security: scopes('chat:write'),
  examples: [
    {
      description: 'A correction',
      arguments: {
        channel: 'C0123456789',
        ts: '1716912345.678900',
        text: 'Deploy is done, all checks passed.',
      },
    },
  ],
  http: { method: 'POST', path: '/chat.update', failure, answers },
  effect: { class: 'idempotent', because: 'it sets the whole text of one message' },
});
