import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { answers, failure, provider, scopes } from './provider.js';

export const listChannels = defineTool({
  slug: 'slack_list_channels',
  version: '1.0.0',
  provider,
  description:
    'Lists channels, with their IDs, names and topics. Look here for the ID of a channel of which you know the name.',
  input: z.strictObject({
    cursor: z.string().optional().describe('next_cursor of the page before.'),
    limit: z.int().min(1).max(999).optional().describe('How many at most.'),
    types: z
      .string()
      .optional()
      .describe(
        'Kinds, separated by commas: public_channel, private_channel, mpim, im. Default public_channel.',
      ),
    exclude_archived: z.boolean().optional().describe('Leaves archived channels out.'),
  }),
  tags: ['channels'],
  security: anyOf(scopes, 'channels:read', 'groups:read', 'im:read', 'mpim:read'),
  examples: [
    {
      description: 'Public channels in use',
      arguments: { types: 'public_channel', exclude_archived: true, limit: 200 },
    },
  ],
  http: { method: 'GET', path: '/conversations.list', failure, answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'cursor', at: '/response_metadata/next_cursor' },
});
