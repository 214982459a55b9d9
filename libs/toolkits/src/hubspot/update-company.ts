import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const updateCompany = defineTool({
  slug: 'hubspot_update_company',
  version: '1.0.0',
  provider,
  description: 'Sets properties of a company; those that are not given stay.',
  input: z.strictObject({
    companyId: z.string().min(1).describe('ID of the company.'),
    properties: z.record(z.string(), z.string()).describe('Values by the internal names of the properties.'),
  }),
  tags: ['companies'],
  security: scopes('crm.objects.companies.write'),
  examples: [
    {
      description: 'Another value',
      arguments: { companyId: '512', properties: { name: 'Acme', domain: 'acme.example' } },
    },
  ],
  http: { method: 'PATCH', path: '/crm/objects/2026-03/companies/{companyId}' },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
