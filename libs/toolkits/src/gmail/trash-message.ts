import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { modify, provider, scopes } from './provider.js';

export const trashMessage = defineTool({
  slug: 'gmail_trash_message',
  version: '1.0.0',
  provider,
  description: 'Moves a message to the trash, from where it is deleted after thirty days.',
  input: z.strictObject({ id: z.string().min(1).describe('ID of the message.') }),
  tags: ['mail'],
  security: scopes(modify),
  examples: [{ description: 'Into the trash', arguments: { id: '18c2f7a9b1d3e5f7' } }],
  http: { method: 'POST', path: '/users/me/messages/{id}/trash', body: { encoding: 'json' }, answers },
  effect: { class: 'idempotent', because: 'a message is in the trash or not' },
  compensation: { tool: 'gmail_untrash_message', arguments: { id: { from: '/arguments/id' } } },
});
