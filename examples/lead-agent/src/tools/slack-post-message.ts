import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

const dayMs = 86_400_000;

/** Posts with a key. The provider drops the second of two posts with the same key, so a message never appears twice. */
export const tool = defineTool({
  slug: 'slack_post_message',
  version: '1.0.0',
  title: 'Post a message',
  provider: { slug: 'sim_slack', baseUrl: 'http://127.0.0.1:9' },
  description:
    'Posts a message to a channel, where everybody in it sees it at once. A posted message is not taken back.',
  input: z.strictObject({
    channel: z
      .string()
      .regex(/^[#A-Za-z0-9][A-Za-z0-9_-]{0,79}$/)
      .describe('Name or id of the channel, such as "#sales" or "C024BE91L".'),
    text: z.string().min(1).max(4_000).describe('The message, as plain text.'),
  }),
  output: z.looseObject({ ok: z.boolean(), channel: z.string(), ts: z.string() }),
  examples: [
    { description: 'Tell the sales team', arguments: { channel: '#sales', text: 'New lead: Ada Okafor' } },
  ],
  http: { method: 'POST', path: '/slack/chat.postMessage' },
  effect: { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttlMs: dayMs },
  timeoutMs: 10_000,
});
