import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';

import { ack, CompactedTopic, type LaneStatus } from '../src/index.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics, startServer } from './harness.js';

leakCheck();
jest.setTimeout(60_000);
const client = clientOptions();

describe('a foreign producer with transactions', () => {
  it('leaves markers that stop no reader, and aborted records that no reader sees', async () => {
    const topics = await makeTopics(client, 1);
    const event = drawnEvent(topics.topic);
    const foreign = new Kafka({ brokers: [...client.brokers], logLevel: logLevel.NOTHING }).producer({
      transactionalId: topics.topic,
      maxInFlightRequests: 1,
    });
    await foreign.connect();
    const transact = async (n: number, end: 'commit' | 'abort'): Promise<void> => {
      const transaction = await foreign.transaction();
      const { key, value, headers } = encodeDrawn(event, n);
      await transaction.send({ topic: topics.topic, messages: [{ key, value, headers }] });
      await transaction[end]();
    };

    const seen: number[] = [];
    const statuses: LaneStatus[] = [];
    await using running = await startServer(
      client,
      topics,
      ({ n }) => {
        seen.push(n);
        return Promise.resolve(ack);
      },
      { onStatus: (status) => statuses.push(status) },
    );
    for (let n = 0; n < 20; n += 1) {
      await transact(n, n % 5 === 4 ? 'abort' : 'commit');
      // One at a time: each marker is fetched alone.
      if (n % 5 !== 4) await waitFor(() => seen.at(-1) === n, { what: `record ${n}` });
    }
    await foreign.disconnect();
    await using view = new CompactedTopic({ client, definition: event });
    await view.ready;

    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n).filter((n) => n % 5 !== 4));
    expect(statuses.map(({ condition }) => condition)).not.toContain('recovering');
    expect(view.size).toBe(16);
    expect(running.server.state.ready).toBe(true);
  });
});
