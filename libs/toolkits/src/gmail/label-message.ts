import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { modify, provider, scopes } from './provider.js';

export const labelMessage = defineTool({
  slug: 'gmail_label_message',
  version: '1.0.0',
  provider,
  description:
    'Puts labels on a message and takes others off. Archive by taking off INBOX, mark as read by taking off UNREAD.',
  input: z.strictObject({
    id: z.string().min(1).describe('ID of the message.'),
    addLabelIds: z.array(z.string()).max(100).optional().describe('IDs of labels to put on.'),
    removeLabelIds: z.array(z.string()).max(100).optional().describe('IDs of labels to take off.'),
  }),
  tags: ['mail', 'labels'],
  security: scopes(modify),
  examples: [
    {
      description: 'Archive and mark as read',
      arguments: { id: '18c2f7a9b1d3e5f7', removeLabelIds: ['INBOX', 'UNREAD'] },
    },
  ],
  http: { method: 'POST', path: '/users/me/messages/{id}/modify', answers },
  effect: { class: 'idempotent', because: 'a label is on a message or not' },
});
