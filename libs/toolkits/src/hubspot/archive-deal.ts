import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const archiveDeal = defineTool({
  slug: 'hubspot_archive_deal',
  version: '1.0.0',
  provider,
  description: 'Moves a deal to the recycle bin, from where people can restore it for ninety days.',
  input: z.strictObject({ dealId: z.string().min(1).describe('ID of the deal.') }),
  tags: ['deals'],
  security: scopes('crm.objects.deals.write'),
  examples: [{ description: 'Out of the way', arguments: { dealId: '512' } }],
  http: { method: 'DELETE', path: '/crm/objects/2026-03/deals/{dealId}' },
  effect: { class: 'idempotent' },
});
