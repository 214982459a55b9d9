import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

/** A repeated request makes a second record. If the object has an external ID, upsert_record makes only one. */
export const createRecord = defineTool({
  slug: 'salesforce_create_record',
  version: '1.0.0',
  provider,
  description: 'Creates a record of any object. Returns its ID.',
  input: z.strictObject({
    sobject: z.string().min(1).describe('API name of the object, such as Contact or Invoice__c.'),
    record: z.looseObject({}).describe('Fields by their API names.'),
  }),
  tags: ['records'],
  security: scopes('api'),
  examples: [
    {
      description: 'A contact',
      arguments: { sobject: 'Contact', record: { LastName: 'Okafor', Email: 'ada@example.com' } },
    },
  ],
  http: { method: 'POST', path: '/sobjects/{sobject}', body: { argument: 'record' } },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'salesforce_delete_record',
    arguments: { sobject: { from: '/arguments/sobject' }, id: { from: '/result/id' } },
  },
});
