import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/** The smallest write. Its effect class is opaque, so it is never repeated. */
export const tool = defineTool({
  slug: 'bench_echo',
  version: '1.0.0',
  provider: { slug: 'sim_bench', baseUrl: 'http://127.0.0.1:9' },
  description: 'Writes a text. Used to measure the mesh.',
  input: z.object({ text: z.string() }),
  http: { method: 'POST', path: '/echo' },
  effect: { class: 'opaque' },
});
