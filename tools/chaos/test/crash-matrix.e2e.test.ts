import { leakCheck, type ProviderSimulator } from '@action-mesh/testing';

import { startChaosProvider } from '../src/chaos-call.js';
import { runCell } from '../src/matrix/cell-run.js';
import { allCells, nameOf, type Cell } from '../src/matrix/cells.js';

leakCheck({ settleMs: 3_000 });

/** A part of `npm run chaos -- --matrix`: each class, each way to be lost, and the points that failed before. */
const slice = [
  'after_request_left/keyed/live/other',
  'after_request_left/opaque/live/same',
  'after_response/idempotent/expired/other',
  'after_advance_commit/read/live/same',
  'relay_after_publish/keyed/live/other',
];

let provider: ProviderSimulator;

beforeAll(async () => {
  provider = await startChaosProvider();
}, 60_000);

afterAll(async () => {
  await provider.stop();
});

describe('an executor that is lost at a crash point (I1, I2, I4)', () => {
  it('leaves each call with one outcome and the effects that its class allows', async () => {
    const { KAFKA_BROKERS = '', DATABASE_URL = '' } = process.env;
    const context = {
      brokers: KAFKA_BROKERS.split(','),
      databaseUrl: DATABASE_URL,
      provider,
      signal: new AbortController().signal,
    };
    const cells = slice.flatMap((name): Cell[] => allCells().filter((cell) => nameOf(cell) === name));
    expect(cells).toHaveLength(slice.length);
    const results = await Promise.all(cells.map((cell) => runCell(cell, context)));
    expect(results.map((result) => [nameOf(result), result.faults])).toEqual(slice.map((name) => [name, []]));
    expect(results.map(({ effects }) => effects)).toEqual([1, 1, 1, 0, 1]);
  }, 240_000);
});
