import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answersWith, failure, provider, scopes } from './provider.js';

export const removeReaction = defineTool({
  slug: 'slack_remove_reaction',
  version: '1.0.0',
  provider,
  description: 'Takes back an emoji that the connected user or app has added to a message.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel.'),
    timestamp: z.string().min(1).describe('ts of the message.'),
    name: z.string().min(1).describe('Name of the emoji without colons.'),
  }),
  tags: ['messages'],
  security: scopes('reactions:write'),
  examples: [
    {
      description: 'Not seen after all',
      arguments: { channel: 'C0123456789', timestamp: '1716912345.678900', name: 'eyes' },
    },
  ],
  http: { method: 'POST', path: '/reactions.remove', failure, answers: answersWith('no_reaction') },
  effect: { class: 'idempotent', because: 'an emoji that is not there cannot be taken back again' },
});
