import { flow, trigger } from '@action-mesh/flow-api';

import { post_message, put_contact, read_item } from './tools.js';

/** Enriches a lead, updates the contact and tells the channel. */
export default flow(
  {
    id: 'new-lead',
    version: 1,
    on: trigger.webhook<{ lead: string; owner: string }>('new_lead_created', { key: ({ lead }) => lead }),
    user: ({ owner }) => owner,
  },
  async (run, { lead }) => {
    const person = await run.call('enrich', read_item, { id: lead });
    await run.call('update-crm', put_contact, {
      email: `${lead}@example.com`,
      name: person.name ?? 'unknown',
    });
    await run.call('tell-sales', post_message, { channel: 'sales', text: `New lead ${lead}` });
    return { lead };
  },
);
