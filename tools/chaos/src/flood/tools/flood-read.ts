import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/** The tool of both tenants: one tool of one provider, so the tenants meet at every limit. */
export const tool = defineTool({
  slug: 'flood_read',
  version: '1.0.0',
  provider: { slug: 'sim_flood', baseUrl: 'http://127.0.0.1:9' },
  description: 'Reads an item.',
  input: z.object({ id: z.string() }),
  http: { method: 'GET', path: '/items/{id}' },
  effect: { class: 'read' },
});
