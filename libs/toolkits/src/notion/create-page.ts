import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { blocks, headers, provider, scopes } from './provider.js';

export const createPage = defineTool({
  slug: 'notion_create_page',
  version: '1.0.0',
  provider,
  description: 'Creates a page below another page, or as a row of a data source. Returns its ID and address.',
  input: z.strictObject({
    parent: z
      .union([
        z.strictObject({ page_id: z.string().min(1) }),
        z.strictObject({ data_source_id: z.string().min(1) }),
      ])
      .describe('Where it belongs.'),
    properties: z
      .record(z.string(), z.looseObject({}))
      .describe("Values by the names of the properties, in the shape of each property's type."),
    children: blocks.optional(),
  }),
  tags: ['pages'],
  security: scopes(),
  examples: [
    {
      description: 'A row',
      arguments: {
        parent: { data_source_id: '6b1f0c52-7d3e-4a19-9c84-2e5a7f3b8d10' },
        properties: { Name: { title: [{ text: { content: 'Launch' } }] } },
      },
    },
  ],
  http: { method: 'POST', path: '/pages', headers },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'notion_update_page',
    arguments: { page_id: { from: '/result/id' }, in_trash: { value: true } },
  },
});
