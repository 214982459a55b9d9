import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { labels, provider, scopes } from './provider.js';

export const listLabels = defineTool({
  slug: 'gmail_list_labels',
  version: '1.0.0',
  provider,
  description:
    'Lists all labels with their IDs: those of Gmail, such as INBOX and UNREAD, and those of the user.',
  input: z.strictObject({}),
  tags: ['mail', 'labels'],
  security: scopes(labels),
  examples: [{ description: 'All labels', arguments: {} }],
  http: { method: 'GET', path: '/users/me/labels', answers },
  effect: { class: 'read' },
});
