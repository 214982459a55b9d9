import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const getRecord = defineTool({
  slug: 'salesforce_get_record',
  version: '1.0.0',
  provider,
  description: 'Reads one record, whole or only some fields.',
  input: z.strictObject({
    sobject: z.string().min(1).describe('API name of the object, such as Contact or Invoice__c.'),
    id: z.string().min(15).max(18).describe('ID of the record.'),
    fields: z.array(z.string()).optional().describe('API names of the fields.'),
  }),
  tags: ['records'],
  security: scopes('api'),
  examples: [
    {
      description: 'Name and address',
      arguments: { sobject: 'Contact', id: '0035g00000ABCDEAA4', fields: ['Name', 'Email'] },
    },
  ],
  http: {
    method: 'GET',
    path: '/sobjects/{sobject}/{id}',
    parameters: { fields: { in: 'query', style: 'comma' } },
  },
  effect: { class: 'read' },
});
