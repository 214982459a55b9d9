import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { KafkaProducer } from '../src/index.js';
import { makeRungs, startDelayLane } from './delay-harness.js';
import { clientOptions, encodeDrawn } from './harness.js';

leakCheck();
jest.setTimeout(90_000);
const client = clientOptions();

describe('a handler of due records that throws', () => {
  it('gets the same records again with backoff, uncommitted meanwhile, and holds up only its rung', async () => {
    const [broken, sound] = await makeRungs(client, [1_000, 1_200]);
    if (broken === undefined || sound === undefined) throw new Error('there is no rung');
    let down = true;
    const refused: string[] = [];
    const refusedAtMs: number[] = [];
    const taken: number[] = [];
    const neighbour: number[] = [];
    const failing = startDelayLane(
      client,
      broken,
      (events) => {
        if (down) throw new TypeError('the database is away');
        taken.push(...events.map(({ data }) => data.n));
      },
      {
        onHandlerError: (error) => {
          refused.push(String(error));
          refusedAtMs.push(performance.now());
        },
      },
    );
    const going = startDelayLane(client, sound, (events) => {
      neighbour.push(...events.map(({ data }) => data.n));
    });
    await Promise.all([failing.lane.joined(), going.lane.joined()]);
    const producer = new KafkaProducer({ client, topics: [broken.event.topic, sound.event.topic] });
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    await producer.sendAll(
      numbers.flatMap((n) => [encodeDrawn(broken.event, n), encodeDrawn(sound.event, n)]),
    );

    await waitFor(() => refused.length >= 5, { what: 'five refusals' });
    await waitFor(() => neighbour.length === 200, { what: 'the other rung to go on' });
    expect(taken).toEqual([]);
    expect(failing.lane.status).toMatchObject({ condition: 'joined', lag: 200 });
    // At least half of 50 to 400 ms.
    expect((refusedAtMs[4] ?? 0) - (refusedAtMs[0] ?? 0)).toBeGreaterThan(370);
    // The lane closes before a commit of these records, so they are not lost.
    await failing.close();
    down = false;
    const next = startDelayLane(client, broken, (events) => {
      taken.push(...events.map(({ data }) => data.n));
    });
    await waitFor(() => new Set(taken).size === 200, { what: 'all of them', timeoutMs: 20_000 });
    await Promise.all([next.close(), going.close(), producer.close()]);
    expect(taken).toHaveLength(200);
    expect(refused[0]).toBe('TypeError: the database is away');
  });
});
