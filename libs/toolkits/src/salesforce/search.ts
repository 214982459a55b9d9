import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const search = defineTool({
  slug: 'salesforce_search',
  version: '1.0.0',
  provider,
  description: 'Searches text over several objects by SOSL.',
  input: z.strictObject({
    q: z
      .string()
      .min(1)
      .max(4_000)
      .describe('SOSL, such as FIND {Acme} IN NAME FIELDS RETURNING Account(Id, Name).'),
  }),
  tags: ['records', 'search'],
  security: scopes('api'),
  examples: [
    {
      description: 'Accounts of a name',
      arguments: { q: 'FIND {Acme} IN NAME FIELDS RETURNING Account(Id, Name)' },
    },
  ],
  http: { method: 'GET', path: '/search' },
  effect: { class: 'read' },
});
