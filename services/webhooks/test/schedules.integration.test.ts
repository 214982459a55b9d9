import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import { systemClock } from '@action-mesh/kernel';

import { PostgresScheduleStore } from '../src/adapters/postgres/postgres-schedule-store.js';
import { FireSchedules } from '../src/application/fire-schedules.js';
import { openTriggerStage, type TriggerStage } from './trigger-stage.js';

let stage: TriggerStage;
beforeAll(async () => {
  stage = await openTriggerStage();
});
afterAll(() => stage.close());

const hour = 3_600_000;

function instances(count: number) {
  const fired: FiredTrigger[] = [];
  const state: { failure: Error | undefined } = { failure: undefined };
  const log = {
    fired(events: readonly FiredTrigger[]): Promise<void> {
      if (state.failure !== undefined) return Promise.reject(state.failure);
      fired.push(...events);
      return Promise.resolve();
    },
  };
  const all = Array.from(
    { length: count },
    () => new FireSchedules(new PostgresScheduleStore(stage.pool), log, systemClock),
  );
  return { all, fired, state };
}

const hourly = {
  scheme: 'api_key',
  schedule: { cron: '0 * * * *', time_zone: 'UTC', payload: { kind: 'h' } },
} as const;
const idsOf = (fired: readonly FiredTrigger[]): Set<string> =>
  new Set(fired.map(({ trigger, delivery_id: id }) => `${trigger} ${id}`));

describe('schedules', () => {
  it('fire the latest missed time once, over all instances (FS1, FS2)', async () => {
    const missedSince = Math.floor(Date.now() / hour) * hour - 48 * hour;
    await stage.declare('hourly', hourly, missedSince);
    const { all, fired } = instances(4);
    await Promise.all(all.map((each) => each.run()));
    await Promise.all(all.map((each) => each.run()));
    const planned = new Date(Math.floor(Date.now() / hour) * hour).toISOString();
    // A record may be published twice, always as the same delivery.
    expect(idsOf(fired)).toEqual(new Set([`hourly schedule/${planned}`]));
    expect(fired[0]?.payload).toEqual({ kind: 'h', planned_at: planned });
    const stored = await stage.store.find('acme', 'hourly');
    expect(stored?.nextAtMs).toBe(Date.parse(planned) + hour);
  });

  it('are published later as the same delivery when the log was down', async () => {
    await stage.declare('delayed', hourly, Date.now() - hour);
    const { all, fired, state } = instances(1);
    state.failure = new Error('the log is down');
    await expect(all[0]?.run()).rejects.toThrow('the log is down');
    state.failure = undefined;
    await all[0]?.run();
    await all[0]?.run();
    expect(fired.map(({ trigger }) => trigger)).toEqual(['delayed']);
  });

  it('do not fire before their time, nor after their removal', async () => {
    await stage.declare('later', hourly, Date.now() + hour);
    await stage.declare('gone', hourly, Date.now() - hour);
    await stage.store.change('acme', 'gone', () => undefined);
    const { all, fired } = instances(2);
    await Promise.all(all.map((each) => each.run()));
    expect(fired).toEqual([]);
  });
});
