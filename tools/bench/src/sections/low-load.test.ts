import { lowLoadRows } from './low-load.js';

const samples = (...values: [number, number][]): { p50Ms: number; p99Ms: number }[] =>
  values.map(([p50Ms, p99Ms]) => ({ p50Ms, p99Ms }));

describe('the rows of low load', () => {
  it('are ratios of the latencies added to the direct POST, as the median of the rounds', () => {
    const rows = lowLoadRows(
      'one process',
      new Map([
        ['direct POST', samples([1, 2], [1, 2], [9, 9])],
        ['two commits', samples([5, 12], [4, 11], [6, 50])],
        ['HTTP', samples([17, 40], [99, 99], [5, 42])],
        ['Kafka', samples([8.2, 22], [8.2, 22], [8.2, 22])],
      ]),
    );
    expect(rows.map(({ name, figure }) => [name, figure])).toEqual([
      ['two commits, added p50', 4],
      ["HTTP, added p50 over the two commits'", 4],
      ["Kafka, added p50 over the two commits'", 1.8],
      ['two commits, added p99', 10],
      ["HTTP, added p99 over the two commits'", 4],
      ["Kafka, added p99 over the two commits'", 2],
    ]);
  });
});
