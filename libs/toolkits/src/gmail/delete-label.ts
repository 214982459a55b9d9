import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { answers } from '../google-answers.js';
import { labels, provider, scopes } from './provider.js';

export const deleteLabel = defineTool({
  slug: 'gmail_delete_label',
  version: '1.0.0',
  provider,
  description: 'Deletes a label and takes it off all messages; the messages stay.',
  input: z.strictObject({ id: z.string().min(1).describe('ID of the label.') }),
  tags: ['mail', 'labels'],
  security: scopes(labels),
  examples: [{ description: 'A label that nobody needs', arguments: { id: 'Label_12' } }],
  http: { method: 'DELETE', path: '/users/me/labels/{id}', answers: [...answers, ...gone] },
  effect: { class: 'idempotent' },
});
