import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { recordCalls } from '../src/adapters/postgres/record-statement.js';
import type { OwnedCall } from '../src/application/ledger.port.js';
import { transitions, type Command } from '../src/domain/call.js';
import { describeEnding } from '../src/domain/outcome.js';
import { aCall, digest, dispatching, LedgerBench, type TestLedger } from './ledger-bench.js';

let bench: LedgerBench;
let one: TestLedger;

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
}, 60_000);

afterAll(async () => {
  await bench.close();
});

async function record(entry: Parameters<TestLedger['ledger']['record']>[0], by = one): Promise<OwnedCall> {
  const recorded = await by.ledger.record(entry);
  if (recorded.verdict !== 'fresh') throw new Error(`expected a fresh call, it was ${recorded.verdict}`);
  return recorded.owned;
}

function move(
  owned: OwnedCall,
  commands: Command[],
  outcome?: string,
  evidence = true,
  by = one,
): Promise<boolean> {
  const next = transitions(owned.state, ...commands);
  if (!next.ok) throw new Error(next.reason);
  const shared = { known: owned, from: owned.state, to: next.call, evidence };
  return by.ledger.advance(outcome === undefined ? shared : { ...shared, outcome });
}

const standing = {
  state: { attempt: 1, recovered: false, redrives: 0 },
  tried: [],
};
const ending = describeEnding(
  aCall(),
  { status: 'succeeded', result: '{"big":12345678901234567890}' },
  standing,
);
const succeed: Command[] = [{ type: 'succeed', attempt: 1 }];

describe('a new call', () => {
  it('is durable with its intent before the ledger answers (I3)', async () => {
    const call = aCall();
    await record(dispatching(call));
    const { rows } = await bench.pool.query<{
      state: string;
      attempt: number;
      digest: Buffer;
      request: string;
    }>('SELECT state, attempt, digest, request FROM call WHERE call_id = $1', [call.call_id]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ state: 'DISPATCHING', attempt: 1 });
    expect(rows[0]?.digest.toString('hex')).toBe(digest(call.call_id));
    expect(JSON.parse(rows[0]?.request ?? '')).toEqual(call);
  });

  it('is refused as a whole batch when the lease is over, and nothing is written', async () => {
    const zombie = await bench.ledger('zombie');
    await bench.pool.query('UPDATE instance SET ended_at = now() WHERE id = $1', [zombie.lease.current?.id]);
    const call = aCall();
    await expect(zombie.ledger.record(dispatching(call))).rejects.toMatchObject({
      code: 'EXECUTOR_LEDGER_UNAVAILABLE',
    });
    expect(await one.ledger.find('acme', call.call_id)).toBeUndefined();
  });
});

describe('a duplicate', () => {
  it('that arrives while the call runs follows it and gets the same bytes (I4)', async () => {
    const call = aCall();
    const owned = await record(dispatching(call));
    const twin = { ...call, call_id: newId() };
    expect(await one.ledger.record(dispatching(twin))).toEqual({ verdict: 'following' });
    expect(await move(owned, succeed, ending)).toBe(true);
    const [first] = one.published.filter((due) => due.callId === call.call_id);
    const [second] = one.published.filter((due) => due.callId === twin.call_id);
    const rest = (value = ''): string => value.slice(value.indexOf('"seq"'));
    expect(rest(second?.value)).toBe(rest(first?.value));
    expect(first?.value).toContain('12345678901234567890');
    expect(one.outcomesOf(twin.call_id)).toMatchObject([
      { duplicate_of: call.call_id, replayed: false, seq: 1 },
    ]);
  });

  it('that arrives after the end gets the stored outcome, marked as replayed', async () => {
    const call = aCall();
    await move(await record(dispatching(call)), succeed, ending);
    const twin = { ...call, call_id: newId() };
    expect(await one.ledger.record(dispatching(twin))).toEqual({ verdict: 'replayed' });
    expect(one.outcomesOf(twin.call_id)).toMatchObject([
      { duplicate_of: call.call_id, replayed: true, seq: 1 },
    ]);
    expect(await one.ledger.find('acme', twin.call_id)).toMatchObject({
      duplicate_of: call.call_id,
      state: 'SUCCEEDED',
    });
  });

  it('in the same batch joins the first of them', async () => {
    const call = aCall();
    const entries = Array.from({ length: 5 }, () => dispatching({ ...call, call_id: newId() }));
    const verdicts = await Promise.all(
      entries.map(async (entry) => (await one.ledger.record(entry)).verdict),
    );
    expect(verdicts.toSorted()).toEqual(['following', 'following', 'following', 'following', 'fresh']);
  });

  it('after the validity window runs as a new call, and the old outcome stays in history', async () => {
    const call = aCall();
    await move(await record(dispatching(call, 0)), succeed, ending);
    const again = { ...call, call_id: newId() };
    await record(dispatching(again));
    expect(await one.ledger.find('acme', call.call_id)).toMatchObject({ state: 'SUCCEEDED' });
    expect(await one.ledger.find('acme', again.call_id)).toMatchObject({ state: 'DISPATCHING' });
  });

  it('of another user or tenant is no duplicate', async () => {
    const call = aCall();
    await record(dispatching(call));
    await record(dispatching({ ...call, call_id: newId(), user_id: 'bob' }));
    await record(dispatching({ ...call, call_id: newId(), tenant_id: 'globex' }));
  });

  it('that is about to follow holds up the end until it is on the list (I1)', async () => {
    const call = aCall();
    const owned = await record(dispatching(call));
    const twin = { ...call, call_id: newId() };
    const slow = await bench.pool.connect();
    await slow.query('BEGIN');
    const joined = await recordCalls(slow, one.lease.current?.id ?? '', 0, [dispatching(twin)]);
    expect(joined).toMatchObject([{ verdict: 'following' }]);
    let over = false;
    const end = move(owned, succeed, ending).then(() => (over = true));
    await waitFor(
      async () => {
        const { rowCount } = await bench.pool.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%advance_calls%'`,
        );
        return over || (rowCount ?? 0) > 0;
      },
      { timeoutMs: 5_000, what: 'the end to wait for the follower' },
    );
    await slow.query('COMMIT');
    slow.release();
    await end;
    expect(one.outcomesOf(twin.call_id)).toMatchObject([{ duplicate_of: call.call_id, replayed: false }]);
  });

  it('is never lost between following and the end, in any interleaving (I1)', async () => {
    const rounds = Array.from({ length: 60 }, async () => {
      const call = aCall();
      const owned = await record(dispatching(call));
      const twin = { ...call, call_id: newId() };
      await Promise.all([move(owned, succeed, ending), one.ledger.record(dispatching(twin))]);
      return twin.call_id;
    });
    for (const callId of await Promise.all(rounds)) expect(one.outcomesOf(callId)).toHaveLength(1);
  });
});

describe('a redelivered record', () => {
  it('of a running call changes nothing', async () => {
    const call = aCall();
    await record(dispatching(call));
    expect(await one.ledger.record(dispatching(call))).toEqual({ verdict: 'redelivered' });
    expect(one.outcomesOf(call.call_id)).toHaveLength(0);
  });

  it('that comes side by side with the first, in one batch, does not run (I2)', async () => {
    const call = aCall();
    const recorded = await Promise.all(
      [call, call, call].map((each) => one.ledger.record(dispatching(each))),
    );
    expect(recorded.map(({ verdict }) => verdict)).toEqual(['fresh', 'redelivered', 'redelivered']);
    const [same, other] = [aCall(), aCall()];
    const conflicting = [same, { ...other, call_id: same.call_id }];
    const both = await Promise.all(conflicting.map((each) => one.ledger.record(dispatching(each))));
    expect(both.map(({ verdict }) => verdict)).toEqual(['fresh', 'id_conflict']);
  });

  it('of an ended call publishes the same bytes again (I4)', async () => {
    const call = aCall();
    await move(await record(dispatching(call)), succeed, ending);
    await one.ledger.record(dispatching(call));
    const [first, second] = one.published.filter((due) => due.callId === call.call_id);
    expect(second?.value).toBe(first?.value);
  });

  it('with the id of another call is a conflict and changes nothing', async () => {
    const call = aCall();
    await record(dispatching(call));
    expect(await one.ledger.record(dispatching(aCall({ call_id: call.call_id })))).toEqual({
      verdict: 'id_conflict',
    });
  });
});

describe('a call id that two tenants use', () => {
  const twins = () => {
    const ours = aCall();
    return { ours, theirs: { ...aCall(), call_id: ours.call_id, tenant_id: 'globex' } };
  };

  it.each(['apart', 'in one batch'])('is two calls, recorded %s (I1)', async (how) => {
    const { ours, theirs } = twins();
    const first = one.ledger.record(dispatching(ours));
    if (how === 'apart') await first;
    const second = one.ledger.record(dispatching(theirs));
    expect((await Promise.all([first, second])).map(({ verdict }) => verdict)).toEqual(['fresh', 'fresh']);
    expect(await one.ledger.record(dispatching(theirs))).toEqual({ verdict: 'redelivered' });
    expect(await one.ledger.find('acme', ours.call_id)).toMatchObject({ arguments: ours.arguments });
    expect(await one.ledger.find('globex', ours.call_id)).toMatchObject({ tenant_id: 'globex' });
    expect(await one.ledger.find('initech', ours.call_id)).toBeUndefined();
  });

  it('gives each its own outcome, once, when both end in one batch (I4, I8)', async () => {
    const { ours, theirs } = twins();
    const owned = [await record(dispatching(ours)), await record(dispatching(theirs))];
    await Promise.all(owned.map((call) => move(call, succeed, ending)));
    const published = one.published.filter((due) => due.callId === ours.call_id);
    expect(published).toHaveLength(2);
    expect(new Set(published.map(({ outboxId }) => outboxId)).size).toBe(2);
  });

  it('makes two keys at a provider, because both may use one account (I2)', async () => {
    const { ours, theirs } = twins();
    const parked = { ...dispatching(ours), intent: undefined };
    const keys = await Promise.all(
      [parked, { ...parked, call: theirs }].map(
        async ({ intent: _, ...entry }) => (await record(entry)).providerKey,
      ),
    );
    expect(new Set(keys).size).toBe(2);
  });
});

describe('an idempotency key', () => {
  it('makes the same content the same call, in any scope', async () => {
    const content_hash = digest(newId());
    const first = aCall({ idempotency_key: newId(), content_hash });
    const owned = await record(dispatching(first));
    const second = aCall({ idempotency_key: first.idempotency_key, content_hash });
    expect(await one.ledger.record(dispatching(second))).toEqual({ verdict: 'following' });
    await move(owned, succeed, ending);
    expect(one.outcomesOf(second.call_id)).toMatchObject([{ duplicate_of: first.call_id }]);
  });

  it('refuses other content and writes nothing of it', async () => {
    const first = aCall({ idempotency_key: newId() });
    await record(dispatching(first));
    const other = aCall({ idempotency_key: first.idempotency_key });
    expect(await one.ledger.record(dispatching(other))).toEqual({
      verdict: 'key_conflict',
      keyHolder: first.call_id,
    });
    expect(await one.ledger.find('acme', other.call_id)).toBeUndefined();
  });

  it('that is free is taken by one of several concurrent calls', async () => {
    const first = aCall({ idempotency_key: newId() });
    await move(await record(dispatching(first, 0)), succeed, ending);
    const rivals = [1, 2, 3].map(() => aCall({ idempotency_key: first.idempotency_key }));
    const verdicts = await Promise.all(
      rivals.map(async (each) => (await one.ledger.record(dispatching(each))).verdict),
    );
    expect(verdicts.toSorted()).toEqual(['fresh', 'key_conflict', 'key_conflict']);
  });

  it('is free for other content when the validity window of its call is over', async () => {
    const first = aCall({ idempotency_key: newId() });
    await move(await record(dispatching(first, 0)), succeed, ending);
    await record(dispatching(aCall({ idempotency_key: first.idempotency_key })));
  });

  it('is refused with an outcome of the submission only', async () => {
    const { idempotency_key: _none, ...call } = aCall();
    const refused = {
      ...dispatching(call),
      start: 'refused',
      outcome: describeEnding(call, { status: 'failed' }, standing),
    } as const;
    expect(await one.ledger.record(refused)).toEqual({ verdict: 'refused' });
    expect(one.outcomesOf(call.call_id)).toMatchObject([{ status: 'failed', seq: 1, replayed: false }]);
  });
});

describe('a dead instance', () => {
  it('loses its calls to another under a higher fence, and its writes are refused (I5)', async () => {
    const dying = await bench.ledger('dying');
    const call = aCall();
    const owned = await record(dispatching(call), dying);
    await bench.pool.query("UPDATE instance SET lease_until = now() - interval '1 s' WHERE id = $1", [
      dying.lease.current?.id,
    ]);
    const taken = (await one.ledger.takeOver()).filter((orphan) => orphan.call.call_id === call.call_id);
    expect(taken).toMatchObject([
      {
        state: {
          state: 'DISPATCHING',
          fence: 2,
          attempt: 1,
          recovered: true,
          redrives: 0,
          attemptsBefore: 0,
        },
      },
    ]);
    expect(await move(owned, [{ type: 'loseTrack' }], undefined, false, dying)).toBe(false);
    expect(await move(owned, succeed, ending, true, dying)).toBe(false);
    expect(dying.outcomesOf(call.call_id)).toHaveLength(0);
    expect(await one.ledger.takeOver()).toHaveLength(0);
    await dying.close();
  });

  it('is detected when its connection is gone, and its late answer settles an unknown effect', async () => {
    const dying = await bench.ledger('dying');
    const call = aCall();
    const owned = await record(dispatching(call), dying);
    await bench.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND classid = advisory_class() AND objid = $1::bigint::int`,
      [dying.lease.current?.id],
    );
    let taken: OwnedCall | undefined;
    for (let turn = 0; turn < 100 && taken === undefined; turn += 1) {
      taken = (await one.ledger.takeOver()).find((orphan) => orphan.call.call_id === call.call_id);
    }
    if (taken === undefined) throw new Error('the call was not taken over');
    await move(
      taken,
      [{ type: 'loseTrack' }, { type: 'askPerson' }],
      describeEnding(taken.call, { status: 'needs_review' }, standing),
      false,
    );
    expect(await move(owned, succeed, ending, true, dying)).toBe(true);
    expect(one.outcomesOf(call.call_id)).toMatchObject([{ status: 'needs_review', seq: 1 }]);
    expect(dying.outcomesOf(call.call_id)).toMatchObject([{ status: 'succeeded', seq: 2 }]);
    await dying.close();
  });

  it('leaves nothing to a sweep that finds all instances alive', async () => {
    const other = await bench.ledger('other');
    await record(dispatching(aCall()), other);
    expect(await one.ledger.takeOver()).toHaveLength(0);
  });
});

describe('a write with a lost answer', () => {
  it('counts as done when it is repeated (I1)', async () => {
    const owned = await record(dispatching(aCall()));
    expect(await move(owned, [{ type: 'retry' }], undefined, false)).toBe(true);
    expect(await move(owned, [{ type: 'retry' }], undefined, false)).toBe(true);
    expect(await move(owned, succeed, ending)).toBe(false);
  });

  it('ends an instance that cannot know its calls, and the next one takes them over (I1)', async () => {
    const unsure = await bench.ledger('unsure');
    const call = aCall();
    await record(dispatching(call), unsure);
    const before = unsure.lease.current?.id;
    unsure.lease.abandon('a test');
    await waitFor(() => unsure.lease.current !== undefined && unsure.lease.current.id !== before, {
      timeoutMs: 5_000,
      what: 'the next instance',
    });
    const taken = await waitForOrphan(unsure, call.call_id);
    expect(taken.state).toMatchObject({ state: 'DISPATCHING', fence: 2, recovered: true });
  });
});

async function waitForOrphan(by: TestLedger, callId: string): Promise<OwnedCall> {
  let found: OwnedCall | undefined;
  await waitFor(
    async () => {
      found ??= (await by.ledger.takeOver()).find((orphan) => orphan.call.call_id === callId);
      return found !== undefined;
    },
    { timeoutMs: 5_000, what: 'the call to be taken over' },
  );
  if (found === undefined) throw new Error('unreachable');
  return found;
}

describe('a request', () => {
  it('gets no intent from an instance without a lease (I5)', async () => {
    const stale = await bench.ledger('stale');
    const owned = await record(dispatching(aCall()), stale);
    expect(await move(owned, [{ type: 'retry' }], undefined, false, stale)).toBe(true);
    const waiting = transitions(owned.state, { type: 'retry' });
    if (!waiting.ok) throw new Error(waiting.reason);
    await bench.pool.query('UPDATE instance SET ended_at = now() WHERE id = $1', [stale.lease.current?.id]);
    const again = { ...owned, state: waiting.call };
    expect(await move(again, [{ type: 'claim' }, { type: 'dispatch' }], undefined, false, stale)).toBe(false);
  });
});
