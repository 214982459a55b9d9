import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { provider, readonly, scopes } from './provider.js';

export const getMessage = defineTool({
  slug: 'gmail_get_message',
  version: '1.0.0',
  provider,
  description:
    'Reads one message: headers, a snippet, and in the format full its parts, with bodies in base64url.',
  input: z.strictObject({
    id: z.string().min(1).describe('ID of the message.'),
    format: z
      .enum(['full', 'metadata', 'minimal', 'raw'])
      .optional()
      .describe('How much of it. Default full.'),
    metadataHeaders: z.array(z.string()).optional().describe('With metadata: only these headers.'),
  }),
  tags: ['mail'],
  security: scopes(readonly),
  examples: [
    {
      description: 'Who wrote what about',
      arguments: { id: '18c2f7a9b1d3e5f7', format: 'metadata', metadataHeaders: ['From', 'Subject'] },
    },
  ],
  http: { method: 'GET', path: '/users/me/messages/{id}', answers },
  effect: { class: 'read' },
});
