import { setTimeout as sleep } from 'node:timers/promises';

import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { childSpan, newId, systemClock } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { PostgresCallAdministration } from '../src/adapters/postgres/administration/postgres-call-administration.js';
import { RedriveCalls } from '../src/application/administration/redrive-calls.js';
import type { CallSession } from '../src/application/call-session.js';
import type { OwnedCall } from '../src/application/ledger.port.js';
import { aCall, capacityFor, digest, dispatching, LedgerBench, type TestLedger } from './ledger-bench.js';
import { answered, endLease, go, hourMs, hourRung, sessionOf, takenOver, throttled } from './parked-call.js';

jest.setTimeout(120_000);

let bench: LedgerBench;

beforeAll(async () => {
  bench = await LedgerBench.open();
});

afterAll(() => bench.close());

/** A tenant with an executor of its own. */
interface Party {
  readonly tenant: string;
  readonly executor: TestLedger;
  readonly administration: PostgresCallAdministration;
}

async function partyOf(tenant: string): Promise<Party> {
  const executor = await bench.ledger(tenant);
  const administration = new PostgresCallAdministration({
    pool: bench.pool,
    lease: executor.lease,
    outbox: executor.outbox,
    marginMs: 2_000,
    onParked: () => undefined,
  });
  return { tenant, executor, administration };
}

const ids = new Map<string, string>();
/** The id of this name, equal for both tenants. */
function sharedId(name: string): string {
  const id = ids.get(name) ?? newId();
  ids.set(name, id);
  return id;
}

/** A call that both tenants make: same id, user, hash, and content. */
function twin({ tenant }: Party, name: string, overrides: Partial<AcceptedCall> = {}): AcceptedCall {
  const content = digest(name);
  return aCall({
    tenant_id: tenant,
    call_id: sharedId(name),
    hash: content,
    content_hash: content,
    ...overrides,
  });
}

async function started(
  by: TestLedger,
  call: AcceptedCall,
  validityMs = hourMs,
): Promise<CallSession<OwnedCall>> {
  const recorded = await by.ledger.record(dispatching(call, validityMs));
  if (recorded.verdict !== 'fresh') throw new Error(recorded.verdict);
  return sessionOf(by, recorded.owned);
}

/** The beginning of a call. Returns the function that continues it. */
type Life = (party: Party, round: string) => Promise<() => Promise<unknown>>;

/** Every way in which the ledger writes a call. A round has ids of its own, equal for both tenants. */
const lives: Readonly<Record<string, Life>> = {
  'a call with a key and a saga succeeds': async (party, round) => {
    const call = twin(party, `${round}/plain`, { idempotency_key: round, saga_id: round });
    const session = await started(party.executor, call);
    return async () => {
      expect(await answered(session)).toBe(true);
      party.executor.ledger.release(session.known);
    };
  },
  'a key meets other content': async (party, round) => {
    const key = { idempotency_key: `${round}/conflict` };
    await started(party.executor, twin(party, `${round}/first`, key));
    const other = dispatching(twin(party, `${round}/other`, key));
    return async () => {
      expect(await party.executor.ledger.record(other)).toMatchObject({ verdict: 'key_conflict' });
    };
  },
  'a duplicate joins its original': async (party, round) => {
    const session = await started(party.executor, twin(party, `${round}/original`));
    const follower = twin(party, `${round}/original`, { call_id: sharedId(`${round}/follower`) });
    return async () => {
      expect((await party.executor.ledger.record(dispatching(follower))).verdict).toBe('following');
      expect(await answered(session)).toBe(true);
    };
  },
  'a call comes again after its validity': async (party, round) => {
    // The claim still lists the ended call when the next one moves it to the history.
    await answered(await started(party.executor, twin(party, `${round}/expired`), 0));
    const again = twin(party, `${round}/expired`, { call_id: sharedId(`${round}/again`) });
    await sleep(10);
    return () => started(party.executor, again);
  },
  'a submission is refused': (party, round) => {
    const call = twin(party, `${round}/refused`);
    const outcome = '{"status":"failed"}';
    const entry = { call, trace: childSpan(), start: 'refused', outcome, validityMs: 0 } as const;
    return Promise.resolve(async () => {
      expect((await party.executor.ledger.record(entry)).verdict).toBe('refused');
    });
  },
  'a call waits on the ladder and is woken by its record': async (party, round) => {
    const call = twin(party, `${round}/ladder`);
    const session = await started(party.executor, call);
    const park = { delayMs: hourMs, reason: 'retry', rung: hourRung } as const;
    await go(session, ['retry'], { status: 'waiting', park });
    await bench.pool.query(
      'UPDATE waiting SET due_at = clock_timestamp() WHERE tenant_id = $1 AND call_id = $2',
      [party.tenant, call.call_id],
    );
    const { tenant_id: tenantId, user_id: userId, hash } = call;
    const named = { tenantId, userId, hash, attempt: session.state.attempt, hasCapacity: true };
    return async () => expect(await party.executor.ledger.wakeNamed([named])).toHaveLength(1);
  },
  'a call waits and is woken when it is due': async (party, round) => {
    const callId = await throttled(party.executor, 0, { call: twin(party, `${round}/due`) });
    const others = Object.fromEntries(tenants.map((tenant) => [tenant, tenant === party.tenant ? 100 : 0]));
    return async () => {
      const woken = await party.executor.ledger.wakeDue(capacityFor(100, others));
      expect(woken.map(({ owned }) => owned.call.call_id)).toContain(callId);
    };
  },
  'a call dies and is redriven': async (party, round) => {
    const call = twin(party, `${round}/dead`);
    await go(await started(party.executor, call), ['die'], { status: 'dead' });
    const redrive = new RedriveCalls(party.administration, systemClock);
    const request = { redrive_id: round, call_ids: [call.call_id], dry_run: false, per_second: 10 };
    return async () => {
      const report = await redrive.execute(party.tenant, request, 'ops');
      expect(report).toMatchObject({ redriven: { count: 1 } });
    };
  },
  'a call is undone by another': async (party, round) => {
    const done = twin(party, `${round}/done`);
    await answered(await started(party.executor, done));
    const undoing = twin(party, `${round}/undoing`, { compensates: done.call_id });
    return async () => answered(await started(party.executor, undoing));
  },
  'Kafka does not take an outcome in time': async (party, round) => {
    const refused = await bench.ledger('without Kafka');
    refused.refuse();
    const call = twin(party, `${round}/unpublished`);
    const session = await started(refused, call);
    return async () => {
      await answered(session);
      await waitFor(
        async () => {
          const { rowCount } = await bench.pool.query(
            'SELECT FROM outbox WHERE tenant_id = $1 AND call_id = $2 AND owner = 0',
            [party.tenant, call.call_id],
          );
          return rowCount === 1;
        },
        { timeoutMs: 10_000, what: 'the outcome to be left to the relay' },
      );
    };
  },
  'a late answer ends a call that waits for a probe': async (party, round) => {
    const silent = await bench.ledger('silent');
    const call = twin(party, `${round}/late`);
    const late = await started(silent, call);
    await endLease(bench, silent);
    const session = sessionOf(party.executor, await takenOver(party.executor, call.call_id));
    const park = { delayMs: hourMs, reason: 'probe' } as const;
    await go(session, ['loseTrack', 'probe'], { status: 'indeterminate', park });
    return async () => expect(await answered(late)).toBe(true);
  },
  'an executor dies and another takes its calls over': async (party, round) => {
    const dying = await bench.ledger('dying');
    const call = twin(party, `${round}/orphan`);
    await started(dying, call);
    return async () => {
      await endLease(bench, dying);
      await takenOver(party.executor, call.call_id);
    };
  },
};

const tenants = ['acme', 'globex'] as const;

/** All rows of a tenant in all tables. */
async function rowsOf(tenant: string): Promise<unknown[]> {
  const { rows: tables } = await bench.pool.query<{ name: string; column: string }>(
    `SELECT table_name AS name, column_name AS column FROM information_schema.columns
      WHERE table_schema = 'executor' AND column_name IN ('tenant_id', 'tenants') ORDER BY 1`,
  );
  const found: unknown[] = [];
  for (const { name, column } of tables) {
    const own = column === 'tenants' ? '$1 = ANY (tenants)' : 'tenant_id = $1';
    const { rows } = await bench.pool.query(
      `SELECT '${name}' AS table, to_jsonb(t) AS row FROM ${name} t WHERE ${own} ORDER BY t::text`,
      [tenant],
    );
    found.push(...(rows as unknown[]));
  }
  return found;
}

/** The rows of a tenant when its executors have finished the work behind their answers. */
async function settledRowsOf(tenant: string): Promise<unknown[]> {
  let rows = await rowsOf(tenant);
  for (;;) {
    await sleep(500);
    const next = await rowsOf(tenant);
    if (JSON.stringify(next) === JSON.stringify(rows)) return rows;
    rows = next;
  }
}

it('no statement for a call of one tenant changes a row of another with the same ids', async () => {
  const [mine, theirs] = [await partyOf(tenants[0]), await partyOf(tenants[1])];
  // Ended calls of the other tenant, and calls that have only begun: rows to delete by mistake.
  for (const life of Object.values(lives)) await (await life(theirs, 'ended'))();
  for (const life of Object.values(lives)) await life(theirs, 'begun');
  const before = await settledRowsOf(theirs.tenant);
  expect(new Set(before.map((row) => (row as { table: string }).table)).size).toBeGreaterThan(10);
  for (const round of ['ended', 'begun']) {
    for (const [name, life] of Object.entries(lives)) {
      const end = await life(mine, round);
      await end();
      expect([name, round, await rowsOf(theirs.tenant)]).toEqual([name, round, before]);
    }
  }
  await settledRowsOf(mine.tenant);
  expect(await rowsOf(theirs.tenant)).toEqual(before);
});

it('every key of a table holds the tenant, or is a number of the ledger or of Kafka', async () => {
  const { rows } = await bench.pool.query<{ name: string }>(
    `SELECT i.indexrelid::regclass::text AS name FROM pg_index i
       JOIN information_schema.columns c
         ON c.table_schema = 'executor' AND c.column_name IN ('tenant_id', 'tenants')
        AND i.indrelid = format('%I.%I', c.table_schema, c.table_name)::regclass
      WHERE i.indisunique
        AND NOT EXISTS (SELECT FROM pg_attribute a
                         WHERE a.attrelid = i.indrelid AND a.attname = 'tenant_id' AND a.attnum = ANY (i.indkey))
      ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(['claim_pkey', 'outbox_pkey', 'refused_record_pkey']);
});
