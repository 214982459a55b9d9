import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { labels, provider, scopes } from './provider.js';

export const createLabel = defineTool({
  slug: 'gmail_create_label',
  version: '1.0.0',
  provider,
  description: 'Makes a label. Names are unique: one that is taken is refused.',
  input: z.strictObject({
    name: z.string().min(1).max(225).describe('Its name; a slash makes it a label within another.'),
    labelListVisibility: z
      .enum(['labelShow', 'labelShowIfUnread', 'labelHide'])
      .optional()
      .describe('Whether the list of labels shows it.'),
    messageListVisibility: z.enum(['show', 'hide']).optional().describe('Whether messages show it.'),
  }),
  tags: ['mail', 'labels'],
  security: scopes(labels),
  examples: [{ description: 'A label for leads', arguments: { name: 'Leads' } }],
  http: { method: 'POST', path: '/users/me/labels', answers },
  effect: { class: 'opaque' },
  compensation: { tool: 'gmail_delete_label', arguments: { id: { from: '/result/id' } } },
});
