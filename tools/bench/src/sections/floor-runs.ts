import type { BenchSetting } from '../bench-setting.js';
import { closedLoop } from '../closed-loop.js';
import { directPost, kafkaEcho, twoCommits, type Floor } from '../floors.js';
import type { ResultRow } from '../result-row.js';

const concurrency = 256;
const calls = 4_000;

/** Measures three alternatives to the mesh, before one runs. */
export async function floorRuns(setting: BenchSetting): Promise<ResultRow[]> {
  return setting.with(async (open) => {
    const context = setting.floorContext(open);
    const floors: readonly (readonly [string, Floor])[] = [
      ['direct POST', directPost(context)],
      ['two commits', await twoCommits(context)],
      ['Kafka echo', await kafkaEcho(context)],
    ];
    const rows: ResultRow[] = [];
    for (const providerMs of [0, 20]) {
      await setting.delayProvider(providerMs);
      for (const [name, floor] of floors) {
        const total = setting.calls(calls, concurrency);
        const { perSecond, p50Ms, p99Ms } = await closedLoop(concurrency, total, floor, setting.signal);
        const note = `p50 ${p50Ms} ms, p99 ${p99Ms} ms`;
        setting.say(`  ${name}, ${concurrency} at once, provider ${providerMs} ms: ${perSecond}/s, ${note}`);
        const section = `${concurrency} at once, provider ${providerMs} ms, no mesh`;
        rows.push({ section, name, figure: perSecond, unit: 'calls/s', note });
      }
    }
    return rows;
  });
}
