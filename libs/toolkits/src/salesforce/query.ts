import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const query = defineTool({
  slug: 'salesforce_query',
  version: '1.0.0',
  provider,
  description:
    'Runs a SOQL query. Returns up to 2,000 records, fewer where they are wide, and nextRecordsUrl when there are more.',
  input: z.strictObject({
    q: z
      .string()
      .min(1)
      .max(4_000)
      .describe("SOQL, such as SELECT Id, Name FROM Contact WHERE Email = 'ada@example.com'."),
  }),
  tags: ['records', 'search'],
  security: scopes('api'),
  examples: [
    {
      description: 'A contact by address',
      arguments: { q: "SELECT Id, Name FROM Contact WHERE Email = 'ada@example.com' LIMIT 1" },
    },
  ],
  http: { method: 'GET', path: '/query' },
  effect: { class: 'read' },
});
