import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { runOnMesh } from '../mesh-run.js';
import { atMost, type ResultRow } from '../result-row.js';
import { median, ratio, rounded } from '../statistics.js';

const rounds = 3;
const calls = 100;

/** Restarts the processes on the path of a call, and measures their first calls one after another. */
export async function coldStart(setting: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  const runs: number[][] = [];
  for (let round = 1; round <= rounds; round += 1) {
    if (round > 1) await restart(mesh);
    const tookMs: number[] = [];
    await runOnMesh(setting, mesh, 'HTTP', async (perform) => {
      for (let index = 0; index < calls && !setting.signal.aborted; index += 1) {
        const startedAtMs = performance.now();
        await perform(index);
        tookMs.push(performance.now() - startedAtMs);
      }
    });
    runs.push(tookMs);
    const { firstMs, laterMs } = coldAndWarm(tookMs);
    setting.say(
      `  ${mesh.form}, cold start ${round}: first ten calls ${firstMs} ms each, later ones ${laterMs} ms`,
    );
  }
  return [coldStartRow(mesh.form, runs)];
}

async function restart({ form, processes }: BenchMesh): Promise<void> {
  const names = form === 'one process' ? (['all'] as const) : (['executor', 'gateway'] as const);
  for (const name of names.toReversed()) await processes.stop(name);
  for (const name of names) await processes.start(name);
}

/** The mean of the first ten calls, and the mean of the second half. */
export function coldAndWarm(tookMs: readonly number[]): { firstMs: number; laterMs: number } {
  const mean = (values: readonly number[]): number =>
    rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
  return { firstMs: mean(tookMs.slice(0, 10)), laterMs: mean(tookMs.slice(tookMs.length / 2)) };
}

export function coldStartRow(form: string, runs: readonly (readonly number[])[]): ResultRow {
  const pairs = runs.map(coldAndWarm);
  const firstMs = median(pairs.map((pair) => pair.firstMs));
  const laterMs = median(pairs.map((pair) => pair.laterMs));
  return {
    section: `cold start, ${form}`,
    name: 'first ten calls over later ones',
    figure: ratio(firstMs, laterMs),
    unit: '×',
    target: atMost(3),
    note: `${firstMs} ms and ${laterMs} ms a call`,
  };
}
