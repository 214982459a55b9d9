import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { provider, scopes, send } from './provider.js';

/** Gmail sends a repeated message a second time, and a sent message cannot be recalled. */
export const sendMessage = defineTool({
  slug: 'gmail_send_message',
  version: '1.0.0',
  provider,
  description:
    'Sends a message at once, as the connected user. To answer in a thread give threadId, and the headers In-Reply-To and References in the message.',
  input: z.strictObject({
    raw: z
      .string()
      .min(1)
      .describe('The whole message as RFC 2822 text with To, Subject and so on, in base64url.'),
    threadId: z.string().optional().describe('The thread that it belongs to.'),
  }),
  tags: ['mail'],
  security: scopes(send),
  examples: [
    {
      description: 'A short message',
      arguments: { raw: 'VG86IGFkYUBleGFtcGxlLmNvbQ0KU3ViamVjdDogSGkNCg0KSGVsbG8' },
    },
  ],
  http: { method: 'POST', path: '/users/me/messages/send', answers },
  effect: { class: 'opaque' },
});
