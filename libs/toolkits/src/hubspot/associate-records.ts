import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { anyOf } from '../oauth-scopes.js';
import { provider, scopes } from './provider.js';

export const associateRecords = defineTool({
  slug: 'hubspot_associate_records',
  version: '1.0.0',
  provider,
  description:
    'Joins two records by the default association of their types, such as a contact and its company.',
  input: z.strictObject({
    fromType: z.string().min(1).describe('Type of the one, such as contacts.'),
    fromId: z.string().min(1).describe('Its ID.'),
    toType: z.string().min(1).describe('Type of the other, such as companies.'),
    toId: z.string().min(1).describe('Its ID.'),
  }),
  tags: ['contacts', 'companies', 'deals'],
  security: anyOf(
    scopes,
    'crm.objects.contacts.write',
    'crm.objects.companies.write',
    'crm.objects.deals.write',
  ),
  examples: [
    {
      description: 'A contact and a company',
      arguments: { fromType: 'contacts', fromId: '512', toType: 'companies', toId: '91' },
    },
  ],
  http: {
    method: 'PUT',
    path: '/crm/objects/2026-03/{fromType}/{fromId}/associations/default/{toType}/{toId}',
  },
  effect: { class: 'idempotent' },
});
