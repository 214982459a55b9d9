import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const updateRecord = defineTool({
  slug: 'salesforce_update_record',
  version: '1.0.0',
  provider,
  description: 'Sets fields of a record; those that are not given stay.',
  input: z.strictObject({
    sobject: z.string().min(1).describe('API name of the object, such as Contact or Invoice__c.'),
    id: z.string().min(15).max(18).describe('ID of the record.'),
    record: z.looseObject({}).describe('Fields by their API names.'),
  }),
  tags: ['records'],
  security: scopes('api'),
  examples: [
    {
      description: 'Another title',
      arguments: { sobject: 'Contact', id: '0035g00000ABCDEAA4', record: { Title: 'CTO' } },
    },
  ],
  http: { method: 'PATCH', path: '/sobjects/{sobject}/{id}', body: { argument: 'record' } },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
