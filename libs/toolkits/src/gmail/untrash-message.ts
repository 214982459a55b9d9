import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { modify, provider, scopes } from './provider.js';

export const untrashMessage = defineTool({
  slug: 'gmail_untrash_message',
  version: '1.0.0',
  provider,
  description: 'Takes a message out of the trash.',
  input: z.strictObject({ id: z.string().min(1).describe('ID of the message.') }),
  tags: ['mail'],
  security: scopes(modify),
  examples: [{ description: 'Back again', arguments: { id: '18c2f7a9b1d3e5f7' } }],
  http: { method: 'POST', path: '/users/me/messages/{id}/untrash', answers },
  effect: { class: 'idempotent', because: 'a message is in the trash or not' },
});
