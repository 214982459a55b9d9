import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const listRecent = defineTool({
  slug: 'salesforce_list_recent',
  version: '1.0.0',
  provider,
  description: 'Lists records that the connected user has opened lately, or come across in others.',
  input: z.strictObject({ limit: z.int().min(1).max(200).optional().describe('How many at most.') }),
  tags: ['records'],
  security: scopes('api'),
  examples: [{ description: 'The last ten', arguments: { limit: 10 } }],
  http: { method: 'GET', path: '/recent' },
  effect: { class: 'read' },
});
