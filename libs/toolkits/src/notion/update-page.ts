import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const updatePage = defineTool({
  slug: 'notion_update_page',
  version: '1.0.0',
  provider,
  description:
    'Sets properties of a page; those that are not given stay. in_trash moves it to the trash or back.',
  input: z.strictObject({
    page_id: z.string().min(1).describe('ID of the page.'),
    properties: z
      .record(z.string(), z.looseObject({}))
      .optional()
      .describe('Values by the names of the properties.'),
    in_trash: z.boolean().optional().describe('Whether it is in the trash.'),
  }),
  tags: ['pages'],
  security: scopes(),
  examples: [
    {
      description: 'Done',
      arguments: {
        page_id: '59833787-2cf9-4fdf-8782-e53db20768a5',
        properties: { Status: { status: { name: 'Done' } } },
      },
    },
  ],
  http: { method: 'PATCH', path: '/pages/{page_id}', headers },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
