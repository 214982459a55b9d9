import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop } from '../closed-loop.js';
import { directPost, twoCommits } from '../floors.js';
import { entryPaths, runOnMesh, type Perform } from '../mesh-run.js';
import { openLoop, type OpenSample } from '../open-loop.js';
import { atMost, type ResultRow } from '../result-row.js';
import { median, ratio, rounded } from '../statistics.js';

const perSecond = 20;
const rounds = 3;
/** A call every 50 ms for 7 s in each round; the direct POST varies less. */
const callsPerRound = 140;
const directCallsPerRound = 60;
const maximalRatio = { p50Ms: 1.8, p99Ms: 2 } as const;
const quantiles = [
  ['p50', 'p50Ms'],
  ['p99', 'p99Ms'],
] as const;

type Run = (use: (perform: Perform) => Promise<OpenSample>) => Promise<OpenSample>;

/** Measures the latency that floor and mesh add to a direct POST at 20 calls a second, in rounds. */
export async function lowLoad(setting: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  const { signal } = setting;
  return setting.with(async (open) => {
    const context = setting.floorContext(open);
    const direct = directPost(context);
    const floor = await twoCommits(context);
    await closedLoop(1, setting.calls(300), floor, signal);
    const paths: (readonly [string, Run])[] = [
      ['direct POST', (use) => use(direct)],
      ['two commits', (use) => use(floor)],
      ...entryPaths.map((entry): [string, Run] => [entry, (use) => runOnMesh(setting, mesh, entry, use)]),
    ];
    const samples = new Map<string, OpenSample[]>(paths.map(([path]) => [path, []]));
    for (let round = 1; round <= rounds; round += 1) {
      for (const [path, run] of paths) {
        const calls = setting.calls(path === 'direct POST' ? directCallsPerRound : callsPerRound, 20);
        const sample = await run((perform) => openLoop({ perSecond, calls, perform, signal }));
        samples.get(path)?.push(sample);
        setting.say(
          `  ${mesh.form}, ${perSecond} calls/s, round ${round}: ${path.padEnd(11)} ` +
            `p50 ${sample.p50Ms} ms, p99 ${sample.p99Ms} ms`,
        );
      }
    }
    return lowLoadRows(mesh.form, samples);
  });
}

/** The medians over the rounds, minus the medians of the direct POST, and their ratios to the floor. */
export function lowLoadRows(
  form: string,
  samples: ReadonlyMap<string, readonly Pick<OpenSample, 'p50Ms' | 'p99Ms'>[]>,
): ResultRow[] {
  const section = `20 calls/s, ${form}`;
  const added = (path: string, quantile: 'p50Ms' | 'p99Ms'): number => {
    const of = (name: string): number => median((samples.get(name) ?? []).map((sample) => sample[quantile]));
    return rounded(of(path) - of('direct POST'));
  };
  return quantiles.flatMap(([title, quantile]) => {
    const floor = added('two commits', quantile);
    return [
      { section, name: `two commits, added ${title}`, figure: floor, unit: 'ms' },
      ...entryPaths.map((entry): ResultRow => {
        const figure = added(entry, quantile);
        return {
          section,
          name: `${entry}, added ${title} over the two commits'`,
          figure: ratio(figure, floor),
          unit: '×',
          target: atMost(maximalRatio[quantile]),
          note: `${figure} ms`,
        };
      }),
    ];
  });
}
