import { flow, trigger } from '@action-mesh/flow-api';

/** Sleeps for longer than any bench. */
export default flow({ id: 'bench-sleep', version: 1, on: trigger.manual(), user: 'bench' }, async (run) => {
  await run.sleep('rest', { days: 30 });
  return undefined;
});
