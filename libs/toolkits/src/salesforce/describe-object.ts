import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const describeObject = defineTool({
  slug: 'salesforce_describe_object',
  version: '1.0.0',
  provider,
  description:
    'Describes an object: its fields with types, picklist values and which are required, and its relationships. Look here before writing to an object that you do not know.',
  input: z.strictObject({
    sobject: z.string().min(1).describe('API name of the object, such as Contact or Invoice__c.'),
  }),
  tags: ['schema'],
  security: scopes('api'),
  examples: [{ description: 'The fields of a contact', arguments: { sobject: 'Contact' } }],
  http: { method: 'GET', path: '/sobjects/{sobject}/describe' },
  effect: { class: 'read' },
});
