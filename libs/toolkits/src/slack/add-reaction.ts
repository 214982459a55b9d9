import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answersWith, failure, provider, scopes } from './provider.js';

export const addReaction = defineTool({
  slug: 'slack_add_reaction',
  version: '1.0.0',
  provider,
  description: 'Adds an emoji to a message.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel.'),
    timestamp: z.string().min(1).describe('ts of the message.'),
    name: z.string().min(1).describe('Name of the emoji without colons, such as thumbsup.'),
  }),
  tags: ['messages'],
  security: scopes('reactions:write'),
  examples: [
    {
      description: 'Seen',
      arguments: { channel: 'C0123456789', timestamp: '1716912345.678900', name: 'eyes' },
    },
  ],
  http: { method: 'POST', path: '/reactions.add', failure, answers: answersWith('already_reacted') },
  effect: {
    class: 'idempotent',
    because: 'each user has each emoji once on a message; the second time is refused as already_reacted',
  },
  compensation: {
    tool: 'slack_remove_reaction',
    arguments: {
      channel: { from: '/arguments/channel' },
      timestamp: { from: '/arguments/timestamp' },
      name: { from: '/arguments/name' },
    },
  },
});
