import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/** A tool whose answers are valid for a second. */
export const writeBriefly = defineTool({
  slug: 'write_briefly',
  version: '1.0.0',
  provider: { slug: 'sim', baseUrl: 'http://127.0.0.1:9' },
  description: 'Writes an entry. An equal call writes it again after a second.',
  input: z.object({ text: z.string() }),
  http: { method: 'POST', path: '/brief' },
  effect: { class: 'opaque' },
  validityMs: 1_000,
});
