import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answersWith, failure, provider, scopes } from './provider.js';

export const deleteMessage = defineTool({
  slug: 'slack_delete_message',
  version: '1.0.0',
  provider,
  description: 'Deletes a message that the connected user or app has posted.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    ts: z.string().min(1).describe('Timestamp of the message, which is its ID: 1716912345.678900.'),
  }),
  tags: ['chat', 'messages'],
  security: scopes('chat:write'),
  examples: [
    {
      description: 'A message posted by mistake',
      arguments: { channel: 'C0123456789', ts: '1716912345.678900' },
    },
  ],
  http: { method: 'POST', path: '/chat.delete', failure, answers: answersWith('message_not_found') },
  effect: { class: 'idempotent', because: 'a message that is gone cannot be deleted again' },
});
