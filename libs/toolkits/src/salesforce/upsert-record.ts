import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

export const upsertRecord = defineTool({
  slug: 'salesforce_upsert_record',
  version: '1.0.0',
  provider,
  description:
    'Creates the record with this external ID, or updates the one that there is. Use it for everything that has an ID of your own.',
  input: z.strictObject({
    sobject: z.string().min(1).describe('API name of the object, such as Contact or Invoice__c.'),
    field: z.string().min(1).describe('API name of the external ID field.'),
    value: z.string().min(1).describe('The external ID.'),
    record: z
      .looseObject({})
      .describe('Fields by their API names, without Id and without the external ID field.'),
  }),
  tags: ['records'],
  security: scopes('api'),
  examples: [
    {
      description: 'A contact of ours',
      arguments: { sobject: 'Contact', field: 'Crm_Id__c', value: '4711', record: { LastName: 'Okafor' } },
    },
  ],
  http: { method: 'PATCH', path: '/sobjects/{sobject}/{field}/{value}', body: { argument: 'record' } },
  effect: { class: 'idempotent', because: 'the external ID names one record, which is set to what is given' },
});
