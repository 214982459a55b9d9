import { setTimeout as delay } from 'node:timers/promises';

import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import {
  ack,
  DEAD_LETTER_MAX_RECORD_BYTES,
  KafkaProducer,
  type Outcome,
  type OutgoingRecord,
} from '../src/index.js';
import {
  clientOptions,
  drawnEvent,
  encodeDrawn,
  makeTopics,
  percentileOf,
  readAll,
  startServer,
} from './harness.js';

leakCheck();
jest.setTimeout(60_000);
const client = clientOptions();

const bad = 0;
const neighbour = 1;

/** Numbers on which the handler fails. */
const throwsTypeError = -1;
const throwsString = -2;
const throwsUndefined = -3;
const neverReturns = -4;
const returnsNothing = -5;

function handle(n: number): Promise<Outcome> {
  switch (n) {
    case throwsTypeError:
      // The return value of a buggy handler.
      return Promise.resolve((undefined as unknown as { outcome: Outcome }).outcome);
    case throwsString:
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- handlers are other people's code
      throw 'a string';
    case throwsUndefined:
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as above
      return Promise.reject(undefined);
    case neverReturns:
      return new Promise(() => undefined);
    case returnsNothing:
      return Promise.resolve(undefined as unknown as Outcome);
    default:
      return Promise.resolve(ack);
  }
}

describe('poison on one partition', () => {
  it('is dead-lettered exactly once, unchanged, without an effect on the neighbour partition (K3, K4)', async () => {
    const topics = await makeTopics(client, 2, { 'max.message.bytes': '2000000' });
    const event = drawnEvent(topics.topic);
    const latencies: number[] = [];
    await using running = await startServer(
      client,
      topics,
      (data) => {
        if (data.n > 0) latencies.push(performance.timeOrigin + performance.now() - (data.sentAtMs ?? 0));
        return handle(data.n);
      },
      { handlerTimeoutMs: 500 },
    );
    const producer = new KafkaProducer({
      client,
      topics: [topics.topic],
      maxRecordBytes: DEAD_LETTER_MAX_RECORD_BYTES,
    });
    const probe = async (count: number): Promise<number[]> => {
      const before = latencies.length;
      for (let n = 1; n <= count; n += 1) {
        await producer.send({ ...encodeDrawn(event, n), partition: neighbour });
        await delay(3);
      }
      await waitFor(() => latencies.length === before + count, { what: 'the probes' });
      return latencies.slice(before);
    };

    const good = encodeDrawn(event, 1);
    const without = (name: string): OutgoingRecord => ({
      ...good,
      headers: Object.fromEntries(Object.entries(good.headers).filter(([header]) => header !== name)),
    });
    const poison: readonly (readonly [string, OutgoingRecord])[] = [
      ['INVALID_JSON', { ...good, value: Buffer.from('{"key":') }],
      ['INVALID_JSON', { ...good, value: Buffer.from([0x00, 0xff, 0xfe]) }],
      ['NULL_VALUE', { ...good, value: null }],
      ['NULL_KEY', { ...good, key: null }],
      ['RECORD_TOO_LARGE', { ...good, value: Buffer.alloc(1024 * 1024, 0x20) }],
      ['MISSING_HEADER', without('ce_id')],
      ['MISSING_HEADER', without('ce_type')],
      ['UNKNOWN_EVENT_TYPE', { ...good, headers: { ...good.headers, ce_type: 'test.number.drawn.v9' } }],
      ['SCHEMA_VIOLATION', { ...good, value: Buffer.from('{"key":"a","n":"one"}') }],
      ['SCHEMA_VIOLATION', { ...good, value: Buffer.from('{"__proto__":{"key":"a","n":1}}') }],
      ['HANDLER_THREW', encodeDrawn(event, throwsTypeError)],
      ['HANDLER_THREW', encodeDrawn(event, throwsString)],
      ['HANDLER_THREW', encodeDrawn(event, throwsUndefined)],
      ['HANDLER_TIMEOUT', encodeDrawn(event, neverReturns)],
      ['HANDLER_RETURNED_NO_OUTCOME', encodeDrawn(event, returnsNothing)],
    ];

    await probe(50);
    const calm = await probe(200);
    const [, disturbed] = await Promise.all([
      (async () => {
        for (const [, record] of poison) {
          await producer.send({ ...record, partition: bad });
          await delay(20);
        }
      })(),
      probe(200),
    ]);
    await waitFor(() => running.server.state.lag === 0, { what: 'the poison to be dealt with' });
    const letters = await readAll(client, topics.deadLetters);
    await producer.close();

    const ids = letters.map(({ headers }) => headers['mesh-dead-letter-id']);
    expect(ids).toEqual(ids.filter((id, index) => ids.indexOf(id) === index));
    const byOffset = new Map(letters.map((letter) => [Number(letter.headers['mesh-origin-offset']), letter]));
    const codes = poison.map((_, offset) => byOffset.get(offset)?.headers['mesh-error-code']);
    expect(codes).toEqual(poison.map(([code]) => code));
    poison.forEach(([, record], offset) => {
      const letter = byOffset.get(offset);
      expect(letter?.key?.toString()).toEqual(record.key?.toString());
      expect(letter?.value === null ? null : letter?.value?.equals(record.value ?? Buffer.alloc(0))).toEqual(
        record.value === null ? null : true,
      );
      expect(letter?.headers).toMatchObject(record.headers);
      expect(letter?.headers).toMatchObject({
        'mesh-origin-topic': topics.topic,
        'mesh-origin-partition': String(bad),
        'mesh-dead-letter-id': `${topics.topic}/${bad}/${offset}`,
      });
    });
    expect(byOffset.get(10)?.headers['mesh-error-message']).toMatch(/^TypeError: /);
    // 10 ms of grace: at a calm 2 ms, a garbage collection alone takes more than twice that.
    expect(percentileOf(disturbed, 0.95)).toBeLessThan(2 * percentileOf(calm, 0.95) + 10);
  });

  it('does not leave a payload in the error message', async () => {
    const topics = await makeTopics(client, 1);
    const event = drawnEvent(topics.topic);
    await using running = await startServer(client, topics, () => Promise.resolve(ack));
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    const good = encodeDrawn(event, 1);
    await producer.sendAll([
      { ...good, value: Buffer.from('{"key":"top-secret') },
      { ...good, value: Buffer.from('{"key":"top-secret","n":"top-secret"}') },
    ]);
    await waitFor(
      () => running.server.state.lanes[0]?.partitions.length === 1 && running.server.state.lag === 0,
      {
        what: 'the records',
      },
    );
    const letters = await waitFor(
      async () => {
        const found = await readAll(client, topics.deadLetters);
        return found.length === 2 && found;
      },
      { what: 'two dead letters' },
    );
    await producer.close();

    for (const { headers } of letters) expect(JSON.stringify(headers)).not.toContain('top-secret');
  });
});
