import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers, failure, operation, provider, scopes } from './provider.js';

export const getViewer = defineTool({
  slug: 'linear_get_viewer',
  version: '1.0.0',
  provider,
  description: 'Reads who the connected user is.',
  input: z.strictObject({}),
  tags: ['people'],
  security: scopes('read'),
  examples: [{ description: 'Who I am', arguments: {} }],
  http: {
    method: 'POST',
    path: '/graphql',
    body: operation('query Viewer { viewer { id name email } }'),
    failure,
    answers,
  },
  effect: { class: 'read' },
});
