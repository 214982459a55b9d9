import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const getPage = defineTool({
  slug: 'notion_get_page',
  version: '1.0.0',
  provider,
  description: 'Reads the properties of a page. Its text is in its blocks: list_blocks.',
  input: z.strictObject({ page_id: z.string().min(1).describe('ID of the page.') }),
  tags: ['pages'],
  security: scopes(),
  examples: [{ description: 'A page', arguments: { page_id: '59833787-2cf9-4fdf-8782-e53db20768a5' } }],
  http: { method: 'GET', path: '/pages/{page_id}', headers },
  effect: { class: 'read' },
});
