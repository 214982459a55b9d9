import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const createContact = defineTool({
  slug: 'hubspot_create_contact',
  version: '1.0.0',
  provider,
  description: 'Creates a contact. Returns its ID.',
  input: z.strictObject({
    properties: z.record(z.string(), z.string()).describe('Values by the internal names of the properties.'),
  }),
  tags: ['contacts'],
  security: scopes('crm.objects.contacts.write'),
  examples: [
    {
      description: 'A new contact',
      arguments: { properties: { email: 'ada@example.com', firstname: 'Ada' } },
    },
  ],
  http: { method: 'POST', path: '/crm/objects/2026-03/contacts' },
  effect: { class: 'opaque' },
  compensation: { tool: 'hubspot_archive_contact', arguments: { contactId: { from: '/result/id' } } },
});
