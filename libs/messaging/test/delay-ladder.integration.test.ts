import { LatenessHistogram } from '@action-mesh/kernel';
import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';

import { KafkaProducer } from '../src/index.js';
import { earlyByMs, makeRungs, startDelayLane } from './delay-harness.js';
import { clientOptions, encodeDrawn, readAll } from './harness.js';

leakCheck();
jest.setTimeout(120_000);
const client = clientOptions();

/** The two shortest delays of the product, and four in place of the longer ones. */
const delaysMs = [1_000, 5_000, 12_000, 13_000, 14_000, 16_000];
const records = 12_000;
/** Records on the longer rungs. Even a slow machine sends all of them before the first is due. */
const waitingAtOnce = 10_000;

/** The rung of a record. Of twelve in a row, each short rung gets one and the long ones share the others in turn. */
function rungOf(n: number): number {
  const place = n % 12;
  return place < 2 ? place : 2 + (n % 4);
}

describe('a ladder of delays', () => {
  it('hands over 12,000 records of mixed delays on time, none early, with few of them in memory (M33, I6)', async () => {
    const rungs = await makeRungs(client, delaysMs);
    const lateness = new LatenessHistogram();
    const reported = new LatenessHistogram();
    const seen = new Map<number, number>();
    let mostWaiting = 0;
    let mostHeld = 0;
    let sent = 0;
    const lanes = rungs.map((rung) =>
      startDelayLane(
        client,
        rung,
        (events) => {
          for (const { data, dueAtMs } of events) {
            // Both clocks are this machine's, so the test knows the true lateness.
            const lateMs = Date.now() - dueAtMs;
            lateness.record(earlyByMs(data, rung.delayMs) > 0 ? -1 : lateMs);
            seen.set(data.n, (seen.get(data.n) ?? 0) + 1);
          }
        },
        { maxHeldRecords: 600, onLateness: (lateMs) => reported.record(lateMs) },
      ),
    );
    await Promise.all(lanes.map(({ lane }) => lane.joined()));
    const watch = setInterval(() => {
      mostWaiting = Math.max(mostWaiting, sent - seen.size);
      mostHeld = Math.max(mostHeld, ...lanes.map(({ lane }) => lane.status.held));
    }, 50);

    const producer = new KafkaProducer({ client, topics: rungs.map(({ event }) => event.topic) });
    while (sent < records) {
      const records = Array.from({ length: 120 }, (_, i) => {
        const n = sent + i;
        const rung = rungs[rungOf(n)];
        if (rung === undefined) throw new Error('there is no rung');
        return encodeDrawn(rung.event, n);
      });
      await producer.sendAll(records);
      sent += records.length;
    }
    await waitFor(() => seen.size === records, { what: 'every record to fall due', timeoutMs: 60_000 });
    clearInterval(watch);
    await Promise.all(lanes.map((lane) => lane.close()));
    await producer.close();

    process.stdout.write(`lateness: ${JSON.stringify(lateness)}\nreported: ${JSON.stringify(reported)}\n`);
    process.stdout.write(`waiting at once: ${mostWaiting}; held by one lane: ${mostHeld}\n`);
    expect(lateness.early).toBe(0);
    expect(mostWaiting).toBeGreaterThanOrEqual(waitingAtOnce);
    expect(lateness.count).toBe(records);
    expect(reported.count).toBe(records);
    // 600, plus one fetch for each of two partitions.
    expect(mostHeld).toBeLessThan(3_000);
    // The target is 150 ms on an idle machine.
    expect(lateness.quantileMs(0.99)).toBeLessThanOrEqual(750);
  });

  it('uses the stamp of the broker, not the time of a producer (I6)', async () => {
    const [rung] = await makeRungs(client, [1_500], 1);
    if (rung === undefined) throw new Error('there is no rung');
    const early: number[] = [];
    await using running = startDelayLane(client, rung, (events) => {
      for (const { data } of events) early.push(earlyByMs(data, rung.delayMs));
    });
    await running.lane.joined();
    const kafka = new Kafka({ brokers: [...client.brokers], logLevel: logLevel.NOTHING });
    const liar = kafka.producer();
    await liar.connect();
    const { key, value, headers } = encodeDrawn(rung.event, 1);
    const hourMs = 3_600_000;
    await liar.send({
      topic: rung.event.topic,
      messages: [-hourMs, hourMs].map((offByMs) => ({
        key: String(key),
        value,
        headers: { ...headers },
        timestamp: String(Date.now() + offByMs),
      })),
    });
    await liar.disconnect();
    await waitFor(() => early.length === 2, { what: 'both records' });
    expect(Math.max(...early)).toBeLessThanOrEqual(0);
  });

  it('dead-letters an undecodable record once, and goes on', async () => {
    const [rung] = await makeRungs(client, [300], 1);
    if (rung === undefined) throw new Error('there is no rung');
    const seen: number[] = [];
    const running = startDelayLane(client, rung, (events) => {
      for (const { data } of events) seen.push(data.n);
    });
    await running.lane.joined();
    const producer = new KafkaProducer({ client, topics: [rung.event.topic] });
    const poison = { ...encodeDrawn(rung.event, 2), value: Buffer.from('{') };
    await producer.sendAll([encodeDrawn(rung.event, 1), poison, encodeDrawn(rung.event, 3)]);
    await waitFor(() => seen.length === 2 && running.lane.status.lag === 0, { what: 'the others' });
    await Promise.all([running.close(), producer.close()]);
    expect(seen).toEqual([1, 3]);
    const letters = await readAll(client, rung.deadLetters);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.value).toEqual(poison.value);
    expect(letters[0]?.headers).toMatchObject({
      'mesh-error-code': 'INVALID_JSON',
      'mesh-dead-letter-id': `${rung.event.topic}/0/1`,
    });
  });
});
