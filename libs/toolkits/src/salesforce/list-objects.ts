import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const listObjects = defineTool({
  slug: 'salesforce_list_objects',
  version: '1.0.0',
  provider,
  description: 'Lists all objects of the org with what can be done with each.',
  input: z.strictObject({}),
  tags: ['schema'],
  security: scopes('api'),
  examples: [{ description: 'All objects', arguments: {} }],
  http: { method: 'GET', path: '/sobjects' },
  effect: { class: 'read' },
});
