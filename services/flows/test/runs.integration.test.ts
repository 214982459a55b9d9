import { fileURLToPath } from 'node:url';

import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import { createPool, migrate } from '@action-mesh/postgres';
import type pg from 'pg';

import { PostgresBundleRecord } from '../src/adapters/postgres/postgres-bundle-record.js';
import { PostgresRunDirectory } from '../src/adapters/postgres/postgres-run-directory.js';
import { PostgresRunStore } from '../src/adapters/postgres/postgres-run-store.js';
import { PostgresSchedulePlan } from '../src/adapters/postgres/postgres-schedule-plan.js';
import type { ClaimedRun, RecordedStep } from '../src/domain/flow-run.js';

const schema = 'flows';
let database: OwnDatabase;
let pool: pg.Pool;
let store: PostgresRunStore;
let directory: PostgresRunDirectory;

beforeAll(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
  await migrate({
    url: database.url,
    schema,
    folder: fileURLToPath(new URL('../migrations', import.meta.url)),
  });
  pool = createPool({
    url: database.url,
    schema,
    role: 'service',
    applicationName: 'test',
    maxConnections: 4,
  });
  store = new PostgresRunStore(pool);
  directory = new PostgresRunDirectory(pool);
});

afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

beforeEach(() => pool.query('DELETE FROM flow_run'));

const idOf = (n: number): string => `run_${n.toString(16).padStart(32, '0')}`;

async function created(n: number, more: object = {}): Promise<string> {
  const run = { tenantId: 'acme', id: idOf(n), flow: 'tidy', version: 1, digest: 'd1', userId: 'ada' };
  await store.create({ ...run, source: 'manual', key: String(n), input: { nul: '\u0000' }, ...more });
  return idOf(n);
}

async function claimed(): Promise<ClaimedRun> {
  const [run] = await store.claim(1);
  if (run === undefined) throw new Error('no run is due');
  return run;
}

const call: RecordedStep = {
  path: 'a',
  scope: '',
  kind: 'call',
  about: '{"tool":"x"}',
  ordinal: 1,
  callId: crypto.randomUUID(),
};

it('creates a run once, and claims it once', async () => {
  const run = {
    tenantId: 'acme',
    id: idOf(1),
    flow: 'tidy',
    version: 1,
    digest: 'd1',
    userId: 'ada',
    source: 'm',
    key: 'k',
    input: {},
  };
  expect([await store.create(run), await store.create({ ...run, version: 2 })]).toEqual([true, false]);
  const [first, second] = await Promise.all([store.claim(10), store.claim(10)]);
  expect([...first, ...second]).toMatchObject([{ id: idOf(1), version: 1, epoch: 1 }]);
});

it('takes nothing from an execution that lost its run (WR1)', async () => {
  await created(1);
  const late = await claimed();
  await store.release([late]);
  const now = await claimed();
  expect(now.epoch).toBe(late.epoch + 1);
  expect(await store.renew([late, now])).toEqual({ lost: [late], failing: [] });
  expect(await store.keep(late, [call])).toBe(false);
  expect(await store.finish(late, { state: 'succeeded', steps: [call] })).toBe(false);
  expect(await store.finish(now, { state: 'succeeded', steps: [], result: { nul: '\u0000' } })).toBe(true);
  expect(await directory.find('acme', idOf(1))).toMatchObject({
    state: 'succeeded',
    result: { nul: '\u0000' },
    steps: [],
  });
});

it('wakes a run by the outcome of its call, and never replaces an answer', async () => {
  await created(1);
  await store.finish(await claimed(), { state: 'open', steps: [call], wakeAtMs: Infinity });
  expect(await store.claim(1)).toEqual([]);
  const answer = { ok: true, text: '{"id":9007199254740993}' } as const;
  await store.answerCall('globex', call.callId ?? '', call.callId ?? '', answer);
  expect(await store.claim(1)).toEqual([]);
  await store.answerCall('acme', call.callId ?? '', call.callId ?? '', answer);
  await store.answerCall('acme', call.callId ?? '', call.callId ?? '', { ok: true, text: '2' });
  const run = await claimed();
  expect(run.steps).toMatchObject([{ path: 'a', answer, answered: 1 }]);
  await store.finish(run, {
    state: 'open',
    steps: [{ ...call, answer: { ok: true, text: '3' } }],
    wakeAtMs: 0,
  });
  expect((await claimed()).steps).toMatchObject([{ answer }]);
});

it('repeats an execution that ended without an answer from outside', async () => {
  await created(1);
  await store.finish(await claimed(), { state: 'open', steps: [call], wakeAtMs: 0 });
  const run = await claimed();
  await store.answerCall('acme', call.callId ?? '', call.callId ?? '', { ok: true });
  await store.finish(run, { state: 'open', steps: [], wakeAtMs: Infinity });
  expect((await claimed()).steps).toMatchObject([{ answer: { ok: true } }]);
});

it('answers the step of a parent by the end of its child', async () => {
  await created(1);
  const step: RecordedStep = { path: 'child', scope: '', kind: 'flow', about: '{}', ordinal: 1 };
  await store.finish(await claimed(), { state: 'open', steps: [step], wakeAtMs: Infinity });
  await created(2, { parent: { runId: idOf(1), path: 'child' } });
  await store.finish(await claimed(), { state: 'succeeded', steps: [], result: 7 });
  const parent = await claimed();
  expect([parent.id, parent.steps[0]?.answer]).toEqual([idOf(1), { ok: true, text: '7' }]);
});

it('shows a tenant its own runs, and changes no other ones', async () => {
  await created(1);
  await created(2, { tenantId: 'globex' });
  expect((await directory.list('acme', { limit: 10 })).map(({ id }) => id)).toEqual([idOf(1)]);
  expect(await directory.find('acme', idOf(2))).toBeUndefined();
  expect(await directory.cancel('acme', idOf(2), { code: 'X', message: 'x' })).toBe(false);
  const run = await claimed();
  await store.finish(run, { state: 'blocked', steps: [], problem: { code: 'X', message: 'x' } });
  const deployed = { version: 2, digest: 'd2' };
  expect(await directory.resume(run.tenantId, run.id, { from: ['blocked'], deployed })).toBe(true);
  expect(await directory.find(run.tenantId, run.id)).toMatchObject({
    state: 'open',
    version: 2,
    digest: 'd2',
    problem: undefined,
  });
});

it('answers a question once', async () => {
  await created(1);
  const ask: RecordedStep = { path: 'ok', scope: '', kind: 'ask', about: '{}', ordinal: 1 };
  await store.finish(await claimed(), { state: 'open', steps: [ask], wakeAtMs: Infinity });
  expect(await directory.answer('globex', idOf(1), 'ok', 'yes')).toBe(false);
  const answers = await Promise.all(
    ['yes', 'no'].map((choice) => directory.answer('acme', idOf(1), 'ok', choice)),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await store.claim(1)).toHaveLength(1);
});

it('refuses other code under the version of open runs, and drops code that nobody needs', async () => {
  const record = new PostgresBundleRecord(pool);
  const bundle = { tenantId: 'acme', flow: 'tidy', version: 1, digest: 'd1', code: 'x' };
  await record.deploy([bundle]);
  await created(1);
  await expect(record.deploy([{ ...bundle, digest: 'd2' }])).rejects.toThrow('raise its version');
  const newer = { ...bundle, version: 2, digest: 'd2' };
  await record.deploy([newer]);
  expect(await record.find('acme', 'tidy', 'd1')).toEqual(bundle);
  expect(await record.find('globex', 'tidy', 'd1')).toBeUndefined();
  const run = await claimed();
  await store.finish(run, { state: 'blocked', steps: [], problem: { code: 'X', message: 'x' } });
  await pool.query(`UPDATE flow_bundle SET superseded_at = now() - interval '8 days' WHERE digest = 'd1'`);
  await record.deploy([newer]);
  expect(await record.find('acme', 'tidy', 'd1')).toEqual(bundle);
  expect(await directory.cancel('acme', run.id, { code: 'X', message: 'x' })).toBe(true);
  await store.finish(await claimed(), { state: 'cancelled', steps: [] });
  await record.deploy([newer]);
  expect(await record.find('acme', 'tidy', 'd1')).toBeUndefined();
});

it('tells an execution of a cancellation, and keeps what it had done', async () => {
  await created(1);
  const run = await claimed();
  const failure = { code: 'FLOWS_CANCELLED', message: 'x' };
  expect(await directory.cancel('acme', run.id, failure)).toBe(true);
  expect(await directory.cancel('acme', run.id, failure)).toBe(false);
  expect(await store.claim(1)).toEqual([]);
  expect(await store.renew([run])).toEqual({ lost: [], failing: [[run, failure]] });
  // Its code ends well before it knows.
  await store.finish(run, {
    state: 'succeeded',
    steps: [{ ...call, answer: { ok: true }, answered: 1 }],
    result: 1,
  });
  expect(await claimed()).toMatchObject({ failure, steps: [{ path: 'a', answer: { ok: true } }] });
});

it('answers a question by its time only if nobody answered it', async () => {
  await created(1);
  const ask: RecordedStep = { path: 'ok', scope: '', kind: 'ask', about: '{}', ordinal: 1 };
  const run = await claimed();
  await store.keep(run, [ask]);
  const late = { ok: false, error: 'timed_out', code: 'x', message: 'x' } as const;
  const [answered, due] = await Promise.all([
    directory.answer('acme', run.id, 'ok', 'yes'),
    store.answerDue(run, 'ok', late),
  ]);
  expect([answered, due].filter(Boolean)).toHaveLength(1);
});

it('lets the open children of a failed run fail', async () => {
  await created(1);
  await store.finish(await claimed(), { state: 'open', steps: [], wakeAtMs: Infinity });
  await created(2, { parent: { runId: idOf(1), path: 'child' } });
  const child = await claimed();
  await store.failChildren({ ...child, id: idOf(1) });
  const { failing } = await store.renew([child]);
  expect(failing).toHaveLength(1);
});

it('moves a planned time once, over all instances', async () => {
  const plan = new PostgresSchedulePlan(pool);
  const move = (schedule: string, from: number | undefined, to: number) =>
    plan.move('acme', 'tidy', schedule, { from, to });
  await move('hourly', undefined, 1_000);
  await move('hourly', undefined, 2_000);
  await move('hourly', 1_000, 3_000);
  await move('hourly', 1_000, 4_000);
  expect(await plan.nextAtMs('acme', 'tidy', 'hourly')).toBe(3_000);
  // Another schedule has no time yet.
  expect(await plan.nextAtMs('acme', 'tidy', 'daily')).toBeUndefined();
  await move('daily', undefined, 5_000);
  expect(await plan.nextAtMs('acme', 'tidy', 'daily')).toBe(5_000);
});

it('keeps 10,000 waiting runs as rows, and finds a due one among them by an index', async () => {
  await pool.query(
    `INSERT INTO flow_run (tenant_id, id, flow, version, digest, user_id, source, key, input, wake_at)
     SELECT 'acme', 'run_' || lpad(to_hex(n), 32, '0'), 'tidy', 1, 'd1', 'ada', 'manual', n::text, '{}', clock_timestamp() + interval '1 day'
       FROM generate_series(1, 10000) n`,
  );
  await created(20_000);
  const startedAt = performance.now();
  expect((await store.claim(100)).map(({ id }) => id)).toEqual([idOf(20_000)]);
  expect(performance.now() - startedAt).toBeLessThan(500);
});
