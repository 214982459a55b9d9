import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, provider, scopes } from './provider.js';

/**
 * Slack posts a repeated message a second time. So the mesh does not send a message again after its answer was lost.
 */
export const sendMessage = defineTool({
  slug: 'slack_send_message',
  version: '1.0.0',
  provider,
  description:
    'Posts a message into a channel, a group or a direct conversation, as the connected user or app. Give thread_ts to answer in a thread. Returns the channel and the ts of the message, which update, delete and reactions need.',
  input: z.strictObject({
    channel: z.string().min(1).describe('ID of the channel or conversation, such as C0123456789.'),
    text: z.string().min(1).max(40_000).describe('The message, in mrkdwn.'),
    thread_ts: z.string().optional().describe('ts of the message whose thread this belongs to.'),
    reply_broadcast: z.boolean().optional().describe('Shows a reply in the channel too.'),
    unfurl_links: z.boolean().optional().describe('Shows previews of links.'),
  }),
  tags: ['chat', 'messages'],
  security: scopes('chat:write'),
  examples: [
    { description: 'A message to a channel', arguments: { channel: 'C0123456789', text: 'Deploy is done.' } },
  ],
  http: { method: 'POST', path: '/chat.postMessage', failure, answers },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'slack_delete_message',
    arguments: { channel: { from: '/result/channel' }, ts: { from: '/result/ts' } },
  },
});
