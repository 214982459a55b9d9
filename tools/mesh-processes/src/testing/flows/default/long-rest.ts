import { flow, trigger } from '@action-mesh/flow-api';

import { write_briefly } from './tools.js';

/** Sleeps past the validity of its tool. */
export default flow(
  { id: 'long-rest', version: 1, on: trigger.manual<{ name: string; seconds: number }>(), user: 'ada' },
  async (run, { name, seconds }) => {
    await run.call('before', write_briefly, { text: `${name} before` });
    await run.sleep('rest', { seconds });
    await run.call('after', write_briefly, { text: `${name} after` });
    return 'rested';
  },
);
