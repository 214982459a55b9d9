import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const createCompany = defineTool({
  slug: 'hubspot_create_company',
  version: '1.0.0',
  provider,
  description: 'Creates a company. Returns its ID.',
  input: z.strictObject({
    properties: z.record(z.string(), z.string()).describe('Values by the internal names of the properties.'),
  }),
  tags: ['companies'],
  security: scopes('crm.objects.companies.write'),
  examples: [
    { description: 'A new company', arguments: { properties: { name: 'Acme', domain: 'acme.example' } } },
  ],
  http: { method: 'POST', path: '/crm/objects/2026-03/companies' },
  effect: { class: 'opaque' },
  compensation: { tool: 'hubspot_archive_company', arguments: { companyId: { from: '/result/id' } } },
});
