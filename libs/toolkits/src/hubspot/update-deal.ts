import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const updateDeal = defineTool({
  slug: 'hubspot_update_deal',
  version: '1.0.0',
  provider,
  description: 'Sets properties of a deal; those that are not given stay.',
  input: z.strictObject({
    dealId: z.string().min(1).describe('ID of the deal.'),
    properties: z.record(z.string(), z.string()).describe('Values by the internal names of the properties.'),
  }),
  tags: ['deals'],
  security: scopes('crm.objects.deals.write'),
  examples: [
    {
      description: 'Another value',
      arguments: { dealId: '512', properties: { dealname: 'Acme renewal', dealstage: 'qualifiedtobuy' } },
    },
  ],
  http: { method: 'PATCH', path: '/crm/objects/2026-03/deals/{dealId}' },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
