import { declareTool, flow, trigger } from '@action-mesh/flow-api';

const bench_echo = declareTool<{ text: string }>({ slug: 'bench_echo', version: '1.0.0', effect: 'opaque' });

/** Makes calls one after the other. */
export default flow(
  { id: 'bench-steps', version: 1, on: trigger.manual<{ text: string; steps: number }>(), user: 'bench' },
  async (run, { text, steps }) => {
    for (let n = 0; n < steps; n += 1) await run.call(`step-${n}`, bench_echo, { text: `${text} ${n}` });
    return undefined;
  },
);
