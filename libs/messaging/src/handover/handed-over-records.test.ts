import { fakeRecord } from '../adapter/kafka-client.fake.js';
import type { RunningHandler } from '../consumer/dispatcher.js';
import { ack, deadLetter, retry } from '../outcome.js';
import { CloudEventHeader, type IncomingRecord } from '../wire.js';
import { HandedOverRecords } from './handed-over-records.js';
import { notFromKafka } from './record-handover.js';

interface Run {
  readonly record: IncomingRecord;
  readonly attempt: number;
  readonly finish: (outcome: unknown) => void;
  readonly fail: (error: unknown) => void;
  aborted?: Error;
}

function harness(concurrency = 8): { readonly records: HandedOverRecords; readonly runs: Run[] } {
  const runs: Run[] = [];
  const handle = (record: IncomingRecord, attempt: number): RunningHandler => {
    if (record.value?.toString() === 'undecodable') throw new Error('undecodable');
    let run: Run | undefined;
    const outcome = new Promise<unknown>((resolve, reject) => {
      run = { record, attempt, finish: resolve, fail: reject };
      runs.push(run);
    });
    return {
      outcome,
      abort: (reason) => {
        if (run !== undefined) run.aborted = reason;
      },
    };
  };
  return { records: new HandedOverRecords(handle, concurrency), runs };
}

const handedOver = (id: string, value = id): IncomingRecord => ({
  ...copy(id, value),
  ...notFromKafka,
});

function copy(id: string, value = id): IncomingRecord {
  return { ...fakeRecord('t', 0, 7), value: Buffer.from(value), headers: { [CloudEventHeader.id]: id } };
}

describe('HandedOverRecords', () => {
  it('acknowledges the copy of an acknowledged record without a second run, after the first (M38, I7)', async () => {
    const { records, runs } = harness();
    records.receive(handedOver('a'));
    let outcome: unknown;
    const concluded = records.handle(copy('a'), 0).outcome.then((result) => (outcome = result));
    await Promise.resolve();
    expect(outcome).toBeUndefined();
    runs[0]?.finish(ack);
    await concluded;
    expect(outcome).toEqual(ack);
    expect(runs.map(({ record }) => record.partition)).toEqual([notFromKafka.partition]);
  });

  it.each([
    ['asks for a retry', (run: Run) => run.finish(retry())],
    ['makes a dead letter', (run: Run) => run.finish(deadLetter('NO'))],
    ['throws', (run: Run) => run.fail(new Error('no'))],
    ['returns no outcome', (run: Run) => run.finish(undefined)],
  ])('handles the copy as usual when the first run %s (M37, M38)', async (_case, end) => {
    const { records, runs } = harness();
    records.receive(handedOver('a'));
    end(runs[0] as Run);
    const handler = records.handle(copy('a'), 0);
    await new Promise(setImmediate);
    handler.abort(new Error('too late'));
    runs[1]?.finish(deadLetter('STILL_NO'));
    await expect(handler.outcome).resolves.toEqual(deadLetter('STILL_NO'));
    expect(runs[1]).toMatchObject({ attempt: 0, record: { offset: 7n }, aborted: { message: 'too late' } });
  });

  it('leaves a record without a readable event to its copy (M37)', () => {
    const { records, runs } = harness();
    records.receive(handedOver('a', 'undecodable'));
    records.receive({ ...handedOver('b'), headers: {} });
    expect(runs).toHaveLength(0);
    expect(() => records.handle(copy('a', 'undecodable'), 0)).toThrow('undecodable');
  });

  it('runs a record with the id of another one, and both copies of a repeated record (M38)', () => {
    const { records, runs } = harness();
    records.receive(handedOver('a'));
    records.receive(handedOver('a'));
    expect(runs).toHaveLength(1);
    void records.handle(copy('a', 'other content'), 0);
    void records.handle(copy('a'), 0);
    expect(runs).toHaveLength(3);
  });

  it('leaves records beyond the concurrency to Kafka (M39)', async () => {
    const { records, runs } = harness(2);
    for (const id of ['a', 'b', 'c']) records.receive(handedOver(id));
    expect(runs).toHaveLength(2);
    runs[0]?.finish(ack);
    await new Promise(setImmediate);
    records.receive(handedOver('d'));
    expect(runs.map(({ record }) => record.headers[CloudEventHeader.id])).toEqual(['a', 'b', 'd']);
  });

  it('stops after the running handlers, or aborts them at the deadline', async () => {
    const { records, runs } = harness();
    for (const id of ['a', 'b']) records.receive(handedOver(id));
    const stopped = records.stop(20);
    records.receive(handedOver('c'));
    runs[0]?.finish(ack);
    await stopped;
    expect(runs.map(({ aborted }) => aborted?.message)).toEqual([undefined, 'the drain deadline has passed']);
  });
});
