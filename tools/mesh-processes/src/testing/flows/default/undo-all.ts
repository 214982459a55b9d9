import { flow, trigger } from '@action-mesh/flow-api';

import { create_entry, put_contact } from './tools.js';

/** Creates an entry and asks a person. It fails when the person refuses, so the entry is deleted again. */
export default flow(
  { id: 'undo-all', version: 1, on: trigger.manual<{ title: string }>(), user: 'ada' },
  async (run, { title }) => {
    const { id } = await run.call('create', create_entry, { title }, { undo: true });
    const choice = await run.ask('keep', { to: 'ada', question: `Keep ${id}?`, choices: ['yes', 'no'] });
    if (choice === 'no') run.fail('the person refused');
    await run.call('update-crm', put_contact, { email: `${title}@example.com`, name: id });
    return { id };
  },
);
