import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { answers } from '../google-answers.js';
import { compose, provider, scopes } from './provider.js';

export const deleteDraft = defineTool({
  slug: 'gmail_delete_draft',
  version: '1.0.0',
  provider,
  description: 'Deletes a draft for good.',
  input: z.strictObject({ id: z.string().min(1).describe('ID of the draft.') }),
  tags: ['mail', 'drafts'],
  security: scopes(compose),
  examples: [{ description: 'A draft that nobody needs', arguments: { id: 'r-8412345678901234567' } }],
  http: { method: 'DELETE', path: '/users/me/drafts/{id}', answers: [...answers, ...gone] },
  effect: { class: 'idempotent' },
});
