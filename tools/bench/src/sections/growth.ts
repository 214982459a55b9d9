import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { closedLoop } from '../closed-loop.js';
import { growLedger } from '../ledger-growth.js';
import { runOnMesh } from '../mesh-run.js';
import { atMost, type ResultRow } from '../result-row.js';
import { median, ratio } from '../statistics.js';

const smallRows = 10_000;
const runs = 3;
const calls = 15_000;

/** Measures calls straight through Kafka with ten thousand ended calls in the ledger, and with `rows`. */
export async function growth(setting: BenchSetting, mesh: BenchMesh, rows: number): Promise<ResultRow[]> {
  await setting.delayProvider(0);
  const small = await perSecondWith(setting, mesh, smallRows);
  const large = await perSecondWith(setting, mesh, rows);
  return [
    {
      section: 'growth',
      name: `a call with ${rows.toLocaleString('en')} in the ledger over one with ten thousand`,
      figure: ratio(small, large),
      unit: '×',
      target: atMost(1.1),
      note: `${large} and ${small} calls/s`,
    },
  ];
}

async function perSecondWith(setting: BenchSetting, mesh: BenchMesh, rows: number): Promise<number> {
  const { say, signal } = setting;
  await growLedger(mesh.databaseUrl, rows, { say, signal });
  const measured: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { perSecond } = await runOnMesh(setting, mesh, 'Kafka', (perform) =>
      closedLoop(256, setting.calls(calls, 256), perform, signal),
    );
    say(`  ${rows.toLocaleString('en')} calls in the ledger: ${perSecond}/s`);
    measured.push(perSecond);
  }
  return median(measured);
}
