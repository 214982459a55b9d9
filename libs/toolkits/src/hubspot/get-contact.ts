import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const getContact = defineTool({
  slug: 'hubspot_get_contact',
  version: '1.0.0',
  provider,
  description: 'Reads one contact by ID, or by e-mail address when idProperty is email.',
  input: z.strictObject({
    contactId: z.string().min(1).describe('ID of the contact, or its address.'),
    idProperty: z.enum(['email']).optional().describe('What contactId is.'),
    properties: z.array(z.string()).optional().describe('Which properties to return.'),
  }),
  tags: ['contacts'],
  security: scopes('crm.objects.contacts.read'),
  examples: [
    {
      description: 'By address',
      arguments: { contactId: 'ada@example.com', idProperty: 'email', properties: ['lifecyclestage'] },
    },
  ],
  http: {
    method: 'GET',
    path: '/crm/objects/2026-03/contacts/{contactId}',
    parameters: { properties: { in: 'query', style: 'comma' } },
  },
  effect: { class: 'read' },
});
