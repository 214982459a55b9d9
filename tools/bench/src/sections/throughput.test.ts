import { costRows, speedRows, type CostedSample, type SamplesByPath } from './throughput.js';

function sample(perSecond: number, cpu: Record<string, number>, walBytes: number): CostedSample {
  const cpuUsage = new Map(Object.entries(cpu));
  return { concurrency: 256, calls: 1_000, perSecond, p50Ms: 1, p99Ms: 2, cpu: cpuUsage, walBytes };
}

const samples: SamplesByPath = new Map([
  ['two commits', [sample(1_500, { PostgreSQL: 500 }, 1_400_000), sample(1_400, {}, 1_400_000)]],
  ['HTTP', [sample(1_120, { gateway: 400, Kafka: 300 }, 4_600_000)]],
  ['Kafka', [sample(1_820, { gateway: 100, Kafka: 300 }, 2_600_000)]],
]);

describe('the rows of throughput', () => {
  it('are ratios to the floor, with the targets of the form of the mesh', () => {
    const read = (form: string): unknown[] =>
      speedRows(form, 0, 256, samples).map(({ figure, target }) => [figure, target?.bound]);
    expect(read('four processes')).toEqual([
      [1_400, undefined],
      [0.8, 1.2],
      [1.3, 1.3],
    ]);
    expect(read('one process')[1]).toEqual([0.8, 1]);
  });

  it('have no target with a slow provider', () => {
    expect(speedRows('four processes', 20, 256, samples).every(({ target }) => target === undefined)).toBe(
      true,
    );
  });

  it('give CPU by process and write-ahead log for each call', () => {
    const rows = costRows('four processes', samples).filter(({ name }) => name.startsWith('HTTP'));
    expect(rows).toMatchObject([
      process.platform === 'linux'
        ? { figure: 0.7, note: 'gateway 0.4, Kafka 0.3' }
        : { note: 'only on Linux' },
      { figure: 4.6, unit: 'kB' },
    ]);
  });
});
