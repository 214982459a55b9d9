import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/** What both tenants call: one tool of one provider, so that they meet at every limit there is. */
export const tool = defineTool({
  slug: 'flood_read',
  version: '1.0.0',
  provider: { slug: 'sim_flood', baseUrl: 'http://127.0.0.1:9' },
  description: 'Reads an item.',
  input: z.object({ id: z.string() }),
  http: { method: 'GET', path: '/items/{id}' },
  effect: { class: 'read' },
});
