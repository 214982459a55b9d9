import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { provider, readonly, scopes } from './provider.js';

export const getThread = defineTool({
  slug: 'gmail_get_thread',
  version: '1.0.0',
  provider,
  description: 'Reads a thread with all of its messages.',
  input: z.strictObject({
    id: z.string().min(1).describe('ID of the thread.'),
    format: z
      .enum(['full', 'metadata', 'minimal'])
      .optional()
      .describe('How much of each message. Default full.'),
  }),
  tags: ['mail'],
  security: scopes(readonly),
  examples: [
    { description: 'The headers of a thread', arguments: { id: '18c2f7a9b1d3e5f7', format: 'metadata' } },
  ],
  http: { method: 'GET', path: '/users/me/threads/{id}', answers },
  effect: { class: 'read' },
});
