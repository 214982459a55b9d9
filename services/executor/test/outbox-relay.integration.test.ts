import { setTimeout as sleep } from 'node:timers/promises';

import { childSpan } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { PendingWorkWatch } from '../src/adapters/pending-work-watch.js';
import { OutboxRelay } from '../src/adapters/postgres/outbox-relay.js';
import type { OutboxPublisher, OutboxRecord } from '../src/application/outbox-publisher.port.js';
import { transitions } from '../src/domain/call.js';
import { describeEnding } from '../src/domain/outcome.js';
import { aCall, dispatching, LedgerBench, type TestLedger } from './ledger-bench.js';

let bench: LedgerBench;

beforeAll(async () => {
  bench = await LedgerBench.open();
}, 60_000);

afterAll(async () => {
  await bench.close();
});

/** A Kafka that refuses until the test changes that. */
class FakePublisher {
  readonly published: OutboxRecord[] = [];
  refusing = false;

  publish(due: readonly OutboxRecord[]): Promise<void> {
    if (this.refusing) return Promise.reject(new Error('no broker'));
    this.published.push(...due);
    return Promise.resolve();
  }
}

/** A Kafka that does not answer until the test lets it, like one seen from a frozen process. */
class SilentPublisher {
  asked = false;
  goOn: () => void = () => undefined;

  publish(): Promise<void> {
    this.asked = true;
    return new Promise((resolve) => (this.goOn = resolve));
  }
}

interface WatchedRelay extends AsyncDisposable {
  close(): Promise<void>;
}

/** A relay, woken by looks of the given executor. */
function relayOf(by: TestLedger, publisher: OutboxPublisher, patienceMs: number): WatchedRelay {
  const relay = new OutboxRelay({
    pool: bench.pool,
    publisher,
    retryAfterMs: 20,
    patienceMs,
    onError: () => undefined,
  });
  const watch = new PendingWorkWatch({
    look: () => by.look(patienceMs),
    workers: {
      relay,
      recovery: { wake: () => undefined },
      scheduler: { expect: () => undefined },
      overflow: { noteWaiting: () => undefined },
      held: { noteHeld: () => undefined },
    },
    everyMs: 20,
    onError: () => undefined,
  });
  const close = async (): Promise<void> => {
    await watch.close();
    await relay.close();
  };
  return { close, [Symbol.asyncDispose]: close };
}

async function endCall(by: TestLedger): Promise<string> {
  const call = aCall();
  const recorded = await by.ledger.record(dispatching(call));
  if (recorded.verdict !== 'fresh') throw new Error(recorded.verdict);
  const { owned } = recorded;
  const next = transitions(owned.state, { type: 'succeed', attempt: 1 });
  if (!next.ok) throw new Error(next.reason);
  const outcome = describeEnding(
    call,
    { status: 'succeeded', result: '{"n":1}' },
    { state: next.call, tried: [] },
  );
  await by.ledger.advance({ known: owned, from: owned.state, to: next.call, evidence: true, outcome });
  by.ledger.release(owned);
  return call.call_id;
}

/** An outcome with an outbox row from the start: the call ended at its record. */
async function failAtOnce(by: TestLedger): Promise<string> {
  const call = aCall();
  const start = transitions(undefined, { type: 'receive' }, { type: 'fail', attempt: 0 });
  if (!start.ok) throw new Error(start.reason);
  await by.ledger.record({
    call,
    trace: childSpan(),
    start: start.call,
    outcome: '{"status":"failed"}',
    validityMs: 0,
  });
  return call.call_id;
}

async function outboxRows(): Promise<number> {
  const { rows } = await bench.pool.query<{ count: string }>('SELECT count(*) FROM outbox');
  return Number(rows[0]?.count);
}

describe('the outbox', () => {
  it('is emptied by its writer when Kafka takes the outcome', async () => {
    const writer = await bench.ledger('writer');
    const callId = await endCall(writer);
    await waitFor(async () => (await outboxRows()) === 0, {
      timeoutMs: 5_000,
      what: 'the row to be deleted',
    });
    expect(writer.outcomesOf(callId)).toHaveLength(1);
  });

  it('keeps records that Kafka did not take, and the relay publishes the same bytes (I8)', async () => {
    const writer = await bench.ledger('writer');
    writer.refuse();
    const callId = await endCall(writer);
    await waitFor(async () => (await outboxRows()) > 0, { timeoutMs: 5_000, what: 'the row' });
    const { rows } = await bench.pool.query<{ value: string }>(
      'SELECT value FROM outbox WHERE call_id = $1',
      [callId],
    );
    const publisher = new FakePublisher();
    publisher.refusing = true;
    await using relay = relayOf(writer, publisher, 0);
    await sleep(100);
    expect(publisher.published).toHaveLength(0);
    publisher.refusing = false;
    await waitFor(() => publisher.published.length > 0, { timeoutMs: 5_000, what: 'the relay to publish' });
    expect(publisher.published.map(({ value }) => value)).toEqual(rows.map(({ value }) => value));
    await waitFor(async () => (await outboxRows()) === 0, {
      timeoutMs: 5_000,
      what: 'the row to be deleted',
    });
    await relay.close();
  });

  it('of a dead writer is swept at once, of a living one only when it is late (I8)', async () => {
    const living = await bench.ledger('living');
    const dead = await bench.ledger('dead');
    living.refuse();
    dead.refuse();
    const [livingCall, deadCall] = [await failAtOnce(living), await failAtOnce(dead)];
    await bench.pool.query('UPDATE instance SET ended_at = now() WHERE id = $1', [dead.lease.current?.id]);
    const publisher = new FakePublisher();
    await using relay = relayOf(living, publisher, 60_000);
    await waitFor(() => publisher.published.length > 0, { timeoutMs: 5_000, what: 'the relay to publish' });
    await sleep(100);
    expect(publisher.published.map(({ callId }) => callId)).toEqual([deadCall]);
    await relay.close();
    await using impatient = relayOf(living, publisher, 0);
    await waitFor(() => publisher.published.some(({ callId }) => callId === livingCall), {
      timeoutMs: 5_000,
      what: 'the late row to be published',
    });
    await impatient.close();
  });

  it('is relayed by one instance at a time, so no outcome overtakes another', async () => {
    const writer = await bench.ledger('writer');
    writer.refuse();
    const calls: string[] = [];
    for (let n = 0; n < 30; n += 1) calls.push(await endCall(writer));
    await waitFor(async () => (await outboxRows()) === calls.length, { timeoutMs: 5_000, what: 'the rows' });
    const publisher = new FakePublisher();
    await using first = relayOf(writer, publisher, 0);
    await using second = relayOf(writer, publisher, 0);
    await waitFor(() => publisher.published.length >= calls.length, {
      timeoutMs: 5_000,
      what: 'all outcomes',
    });
    await Promise.all([first.close(), second.close()]);
    expect(publisher.published.map(({ callId }) => callId)).toEqual(calls);
  });

  it('is relayed by another instance when the holder of the lock falls silent (I8)', async () => {
    const writer = await bench.ledger('writer');
    writer.refuse();
    const callId = await endCall(writer);
    const silent = new SilentPublisher();
    await using frozen = relayOf(writer, silent, 0);
    await waitFor(() => silent.asked, { timeoutMs: 5_000, what: 'the first relay to have the lock' });
    const publisher = new FakePublisher();
    await using other = relayOf(writer, publisher, 0);
    try {
      await waitFor(() => publisher.published.length > 0, {
        timeoutMs: 8_000,
        what: 'the other relay to publish',
      });
    } finally {
      silent.goOn();
    }
    expect(publisher.published.map((record) => record.callId)).toEqual([callId]);
    await Promise.all([frozen.close(), other.close()]);
    // Its connections are unchanged: no other session of the pool ends for being idle.
    const { rows } = await bench.pool.query('SHOW idle_session_timeout');
    expect(rows).toEqual([{ idle_session_timeout: '0' }]);
  });
});
