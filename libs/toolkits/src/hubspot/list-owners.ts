import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const listOwners = defineTool({
  slug: 'hubspot_list_owners',
  version: '1.0.0',
  provider,
  description: 'Lists the people to whom records can be assigned, with their IDs.',
  input: z.strictObject({
    email: z.string().optional().describe('Only the one with this address.'),
    limit: z.int().min(1).max(500).optional().describe('How many at most.'),
    after: z.string().optional().describe('From the page before.'),
  }),
  tags: ['people'],
  security: scopes('crm.objects.owners.read'),
  examples: [{ description: 'One owner', arguments: { email: 'grace@example.com' } }],
  http: { method: 'GET', path: '/crm/owners/2026-03' },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'after', at: '/paging/next/after' },
});
