import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const archiveCompany = defineTool({
  slug: 'hubspot_archive_company',
  version: '1.0.0',
  provider,
  description: 'Moves a company to the recycle bin, from where people can restore it for ninety days.',
  input: z.strictObject({ companyId: z.string().min(1).describe('ID of the company.') }),
  tags: ['companies'],
  security: scopes('crm.objects.companies.write'),
  examples: [{ description: 'Out of the way', arguments: { companyId: '512' } }],
  http: { method: 'DELETE', path: '/crm/objects/2026-03/companies/{companyId}' },
  effect: { class: 'idempotent' },
});
