import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, provider, scopes } from './provider.js';

export const getUser = defineTool({
  slug: 'slack_get_user',
  version: '1.0.0',
  provider,
  description:
    'Reads one member of the workspace: name, time zone, and whether it is a bot or was deactivated.',
  input: z.strictObject({ user: z.string().min(1).describe('ID of the user, such as U0123456789.') }),
  tags: ['people'],
  security: scopes('users:read'),
  examples: [{ description: 'A user by ID', arguments: { user: 'U0123456789' } }],
  http: { method: 'GET', path: '/users.info', failure, answers },
  effect: { class: 'read' },
});
