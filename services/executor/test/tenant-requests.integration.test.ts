import { newId, systemClock } from '@action-mesh/kernel';

import { PostgresCallAdministration } from '../src/adapters/postgres/administration/postgres-call-administration.js';
import { PostgresCallRecords } from '../src/adapters/postgres/administration/postgres-call-records.js';
import { PostgresRefusedRecords } from '../src/adapters/postgres/postgres-refused-records.js';
import { CancelCall } from '../src/application/administration/cancel-call.js';
import { RedriveCalls } from '../src/application/administration/redrive-calls.js';
import { aCall, LedgerBench, type TestLedger } from './ledger-bench.js';
import { answered, go, hourMs, sent, throttled } from './parked-call.js';

const acme = 'acme';
let bench: LedgerBench;
let one: TestLedger;
/** A call of each kind: ended in a saga, dead, and waiting. */
let calls: { readonly ended: string; readonly dead: string; readonly waiting: string };

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
  const ended = await sent(one, { saga_id: 'saga' });
  await answered(ended);
  const dead = await sent(one);
  await go(dead, ['die'], { status: 'dead' });
  const waiting = await throttled(one, hourMs, { call: aCall() });
  calls = { ended: ended.known.call.call_id, dead: dead.known.call.call_id, waiting };
  await bench.pool.query('REVOKE ALL ON ALL TABLES IN SCHEMA executor FROM executor_service');
});

afterAll(async () => {
  await bench.pool.query('GRANT ALL ON ALL TABLES IN SCHEMA executor TO executor_service');
  await bench.close();
});

/** The role of the service has no right on any table, so only the role of a tenant can answer. */
describe('a request for one tenant runs as the role of that tenant', () => {
  const { page, user } = { page: { limit: 10 }, user: { tenantId: acme, userId: 'ada' } };
  const records = (): PostgresCallRecords => new PostgresCallRecords(one.pool);
  const administration = (): PostgresCallAdministration =>
    new PostgresCallAdministration({
      pool: one.pool,
      lease: one.lease,
      outbox: one.outbox,
      marginMs: 2_000,
      onParked: () => undefined,
    });

  it.each<[string, () => Promise<unknown>, unknown]>([
    ['a call', () => one.ledger.find(acme, calls.ended), { call_id: expect.any(String) as unknown }],
    ['the list of calls', () => records().page(acme, page), { calls: { length: 3 } }],
    ['the intent of a call', () => records().intended(acme, calls.ended), { call: { tenant_id: acme } }],
    ['the result of a call', () => records().find(user, calls.ended), { state: 'SUCCEEDED' }],
    ['a call to decide about', () => administration().find(acme, calls.dead), { state: { state: 'DEAD' } }],
    ['the waiting calls', () => administration().waiting(acme, page), { calls: { length: 1 } }],
    ['the dead calls', () => administration().dead(acme, page), { calls: { length: 1 } }],
    ['a dead call', () => administration().deadCall(acme, calls.dead), { status: 'dead' }],
    ['the calls of a redrive', () => administration().select(acme, { filter: {} }, 10), { more: false }],
    ['the calls of an earlier redrive', () => administration().takenBefore(acme, 'r', []), { size: 0 }],
    ['the calls of a saga', () => administration().saga(acme, 'saga'), { length: 1 }],
    [
      'the refused records',
      () => new PostgresRefusedRecords(one.pool).page({ tenantId: acme, seesUnproved: false }, page),
      { records: [] },
    ],
    [
      'a cancellation',
      () => new CancelCall(administration()).execute(acme, calls.waiting, 'ops'),
      { kind: 'done' },
    ],
    [
      'a redrive',
      () =>
        new RedriveCalls(administration(), systemClock).execute(
          acme,
          { redrive_id: newId(), call_ids: [calls.dead], dry_run: false, per_second: 10 },
          'ops',
        ),
      { redriven: { count: 1 } },
    ],
  ])('%s', async (_, ask, answer) => {
    expect(await ask()).toMatchObject(answer as object);
  });

  it('and the list of all refused records as the role of the service', async () => {
    const all = new PostgresRefusedRecords(one.pool).page({ tenantId: acme, seesUnproved: true }, page);
    await expect(all).rejects.toThrow('permission denied for table refused_record');
  });
});
