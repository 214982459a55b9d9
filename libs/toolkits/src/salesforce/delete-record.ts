import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { provider, scopes } from './provider.js';

export const deleteRecord = defineTool({
  slug: 'salesforce_delete_record',
  version: '1.0.0',
  provider,
  description: 'Moves a record to the recycle bin.',
  input: z.strictObject({
    sobject: z.string().min(1).describe('API name of the object, such as Contact or Invoice__c.'),
    id: z.string().min(15).max(18).describe('ID of the record.'),
  }),
  tags: ['records'],
  security: scopes('api'),
  examples: [
    { description: 'A contact made by mistake', arguments: { sobject: 'Contact', id: '0035g00000ABCDEAA4' } },
  ],
  http: { method: 'DELETE', path: '/sobjects/{sobject}/{id}', answers: gone },
  effect: { class: 'idempotent' },
});
