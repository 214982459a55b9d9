import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const queryMore = defineTool({
  slug: 'salesforce_query_more',
  version: '1.0.0',
  provider,
  description: 'Reads the next page of a query.',
  input: z.strictObject({ locator: z.string().min(1).describe('The last part of nextRecordsUrl.') }),
  tags: ['records', 'search'],
  security: scopes('api'),
  examples: [{ description: 'The second page', arguments: { locator: '01gD0000002HU6KIAW-2000' } }],
  http: { method: 'GET', path: '/query/{locator}' },
  effect: { class: 'read' },
});
