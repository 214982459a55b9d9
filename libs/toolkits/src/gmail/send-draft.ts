import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { compose, provider, scopes } from './provider.js';

export const sendDraft = defineTool({
  slug: 'gmail_send_draft',
  version: '1.0.0',
  provider,
  description: 'Sends a draft as it is. The draft is gone then.',
  input: z.strictObject({ id: z.string().min(1).describe('ID of the draft.') }),
  tags: ['mail', 'drafts'],
  security: scopes(compose),
  examples: [{ description: 'An approved draft', arguments: { id: 'r-8412345678901234567' } }],
  http: { method: 'POST', path: '/users/me/drafts/send', answers },
  effect: { class: 'opaque' },
});
