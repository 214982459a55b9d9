import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { answers, failure, provider, scopes } from './provider.js';

export const setChannelTopic = defineTool({
  slug: 'slack_set_channel_topic',
  version: '1.0.0',
  provider,
  description: 'Sets the topic of a channel.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    topic: z.string().max(250).describe('The new topic, without formatting.'),
  }),
  tags: ['channels'],
  security: anyOf(scopes, 'channels:write.topic', 'groups:write.topic'),
  examples: [{ description: 'A topic', arguments: { channel: 'C0123456789', topic: 'Release 2.4' } }],
  http: { method: 'POST', path: '/conversations.setTopic', failure, answers },
  effect: { class: 'idempotent', because: 'it sets the whole topic' },
});
