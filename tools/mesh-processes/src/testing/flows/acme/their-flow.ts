import { flow, trigger } from '@action-mesh/flow-api';

/** A flow of one tenant, for probes of another one. It waits for a person. */
export default flow({ id: 'their-flow', version: 1, on: trigger.manual(), user: 'eve' }, (run) =>
  run.ask('keep', { to: 'eve', question: 'Keep it?', choices: ['yes', 'no'] }),
);
