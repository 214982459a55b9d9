import { runTakeover } from '@action-mesh/chaos';

import type { BenchSetting } from '../bench-setting.js';
import { atMost, type ResultRow } from '../result-row.js';

const targetSeconds = 4;

/** Kills an executor with 64 calls in flight while another one runs, and while one starts half a second later. */
export async function takeover({ say, signal }: BenchSetting): Promise<ResultRow[]> {
  const { runs } = await runTakeover({
    say,
    signal,
    losses: ['killed', 'killed, restarted'],
    classes: ['keyed'],
  });
  return runs.map(({ loss, inFlight, settledMs, unresolved, faults }) => ({
    section: 'take-over',
    name: `${loss}, until the last of ${inFlight} outcomes`,
    ...(settledMs === undefined ? {} : { figure: settledMs / 1_000 }),
    unit: 's',
    target: atMost(targetSeconds),
    note: `${unresolved} unresolved, ${faults.length} beyond the class`,
  }));
}
