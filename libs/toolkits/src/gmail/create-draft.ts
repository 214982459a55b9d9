import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { compose, provider, scopes } from './provider.js';

export const createDraft = defineTool({
  slug: 'gmail_create_draft',
  version: '1.0.0',
  provider,
  description: 'Writes a draft that a person can look at before it is sent.',
  input: z.strictObject({
    message: z
      .strictObject({
        raw: z
          .string()
          .min(1)
          .describe('The whole message as RFC 2822 text with To, Subject and so on, in base64url.'),
        threadId: z.string().optional().describe('The thread that it belongs to.'),
      })
      .describe('The message.'),
  }),
  tags: ['mail', 'drafts'],
  security: scopes(compose),
  examples: [
    {
      description: 'A draft',
      arguments: { message: { raw: 'VG86IGFkYUBleGFtcGxlLmNvbQ0KU3ViamVjdDogSGkNCg0KSGVsbG8' } },
    },
  ],
  http: { method: 'POST', path: '/users/me/drafts', answers },
  effect: { class: 'opaque' },
  compensation: { tool: 'gmail_delete_draft', arguments: { id: { from: '/result/id' } } },
});
