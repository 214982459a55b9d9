import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, provider, scopes } from './provider.js';

export const findUserByEmail = defineTool({
  slug: 'slack_find_user_by_email',
  version: '1.0.0',
  provider,
  description:
    'Finds a member of the workspace by e-mail address. Returns the user with the ID that other tools need; users_not_found when there is none.',
  input: z.strictObject({ email: z.email().describe('The address that the member signs in with.') }),
  tags: ['people'],
  security: scopes('users:read', 'users:read.email'),
  examples: [{ description: 'A colleague', arguments: { email: 'ada@example.com' } }],
  http: { method: 'GET', path: '/users.lookupByEmail', failure, answers },
  effect: { class: 'read' },
});
