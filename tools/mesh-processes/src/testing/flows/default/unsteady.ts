import { flow, trigger } from '@action-mesh/flow-api';

import { write_briefly } from './tools.js';

/** Reads the clock past the guard, so each execution asks for other arguments. */
export default flow(
  { id: 'unsteady', version: 1, on: trigger.manual<{ name: string }>(), user: 'ada' },
  (run, { name }) => run.call('write', write_briefly, { text: `${name} ${globalThis.Date.now()}` }),
);
