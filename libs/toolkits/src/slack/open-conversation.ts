import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { answers, failure, provider, scopes } from './provider.js';

export const openConversation = defineTool({
  slug: 'slack_open_conversation',
  version: '1.0.0',
  provider,
  description:
    'Opens a direct conversation with one user or a group of up to eight, or finds the one that there is. Returns the channel to which messages can be sent.',
  input: z.strictObject({
    users: z.string().min(1).describe('IDs of the users, separated by commas.'),
    return_im: z.boolean().optional().describe('Returns the conversation in full.'),
  }),
  tags: ['channels'],
  security: anyOf(scopes, 'im:write', 'mpim:write'),
  examples: [{ description: 'With one user', arguments: { users: 'U0123456789' } }],
  http: { method: 'POST', path: '/conversations.open', failure, answers },
  effect: { class: 'idempotent', because: 'it returns the conversation that is open already' },
});
