import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const archiveContact = defineTool({
  slug: 'hubspot_archive_contact',
  version: '1.0.0',
  provider,
  description: 'Moves a contact to the recycle bin, from where people can restore it for ninety days.',
  input: z.strictObject({ contactId: z.string().min(1).describe('ID of the contact.') }),
  tags: ['contacts'],
  security: scopes('crm.objects.contacts.write'),
  examples: [{ description: 'Out of the way', arguments: { contactId: '512' } }],
  http: { method: 'DELETE', path: '/crm/objects/2026-03/contacts/{contactId}' },
  effect: { class: 'idempotent' },
});
