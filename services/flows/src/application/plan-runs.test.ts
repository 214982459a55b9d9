import { flow, trigger } from '@action-mesh/flow-api';

import { PlanRuns, type SchedulePlan } from './plan-runs.js';

const hourMs = 3_600_000;
const midnightMs = Date.UTC(2026, 10, 30);

class MemoryPlan implements SchedulePlan {
  next: number | undefined;
  running = false;
  schedule: string | undefined;
  nextAtMs = (_tenantId: string, _flow: string, schedule: string) =>
    Promise.resolve(schedule === this.schedule ? this.next : undefined);
  isRunning = () => Promise.resolve(this.running);
  move = (_tenantId: string, _flow: string, schedule: string, { to }: { readonly to: number }) => {
    [this.schedule, this.next] = [schedule, to];
    return Promise.resolve();
  };
}

/** Looks at the schedule at each hour given, and returns the hours that started a run. */
async function startedAt(
  options: NonNullable<Parameters<typeof trigger.schedule>[1]>,
  hours: readonly number[],
  plan = new MemoryPlan(),
): Promise<readonly number[]> {
  const started: number[] = [];
  const definition = flow(
    { id: 'hourly', version: 1, on: trigger.schedule('0 * * * *', options), user: 'ada' },
    () => Promise.resolve(undefined),
  );
  let hour = 0;
  const plans = new PlanRuns(
    { current: [{ tenantId: 'acme', flow: definition, digest: 'd', config: {} }] },
    plan,
    {
      planned: (_deployed, atMs) => {
        started.push((atMs - midnightMs) / hourMs);
        return Promise.resolve({ id: 'run_1', flow: 'hourly', version: 1, isNew: true });
      },
    },
    { now: () => midnightMs + hour * hourMs } as never,
    (error) => {
      throw error;
    },
  );
  for (hour of hours) await plans.run();
  return started;
}

it('starts nothing at its deployment, and one run at each planned time (PR1)', async () => {
  expect(await startedAt({}, [0.5, 0.9, 1, 1.01, 2, 2.5])).toEqual([1, 2]);
});

it.each([
  ['last', [4]],
  ['all', [1, 2, 3, 4]],
  ['none', []],
] as const)('starts missed times by its rule: %s', async (catchUp, expected) => {
  expect(await startedAt({ catchUp }, [0.5, 4.5, 4.5, 4.5, 4.5])).toEqual(expected);
});

it.each([
  ['queue', []],
  ['skip', []],
  ['allow', [1, 2]],
] as const)('knows the run before: %s', async (overlap, expected) => {
  const plan = new MemoryPlan();
  plan.running = true;
  expect(await startedAt({ overlap }, [0.5, 1, 2], plan)).toEqual(expected);
  plan.running = false;
  expect(await startedAt({ overlap }, [2.5], plan)).toEqual(overlap === 'queue' ? [2] : []);
});
