import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const createDeal = defineTool({
  slug: 'hubspot_create_deal',
  version: '1.0.0',
  provider,
  description: 'Creates a deal. Returns its ID.',
  input: z.strictObject({
    properties: z.record(z.string(), z.string()).describe('Values by the internal names of the properties.'),
  }),
  tags: ['deals'],
  security: scopes('crm.objects.deals.write'),
  examples: [
    {
      description: 'A new deal',
      arguments: { properties: { dealname: 'Acme renewal', dealstage: 'qualifiedtobuy' } },
    },
  ],
  http: { method: 'POST', path: '/crm/objects/2026-03/deals' },
  effect: { class: 'opaque' },
  compensation: { tool: 'hubspot_archive_deal', arguments: { dealId: { from: '/result/id' } } },
});
