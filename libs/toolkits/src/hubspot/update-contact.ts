import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const updateContact = defineTool({
  slug: 'hubspot_update_contact',
  version: '1.0.0',
  provider,
  description: 'Sets properties of a contact; those that are not given stay.',
  input: z.strictObject({
    contactId: z.string().min(1).describe('ID of the contact.'),
    properties: z.record(z.string(), z.string()).describe('Values by the internal names of the properties.'),
  }),
  tags: ['contacts'],
  security: scopes('crm.objects.contacts.write'),
  examples: [
    {
      description: 'Another value',
      arguments: { contactId: '512', properties: { email: 'ada@example.com', firstname: 'Ada' } },
    },
  ],
  http: { method: 'PATCH', path: '/crm/objects/2026-03/contacts/{contactId}' },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
