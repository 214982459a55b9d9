import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const getLimits = defineTool({
  slug: 'salesforce_get_limits',
  version: '1.0.0',
  provider,
  description: 'Reads how much of its limits the org has used, requests a day among them.',
  input: z.strictObject({}),
  tags: ['limits'],
  security: scopes('api'),
  examples: [{ description: 'The limits', arguments: {} }],
  http: { method: 'GET', path: '/limits' },
  effect: { class: 'read' },
});
