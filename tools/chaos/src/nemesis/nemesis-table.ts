import { textTable } from '@action-mesh/testing';
import type { NemesisReport } from './nemesis.js';

const shownFaults = 5;

/** Prints the verdicts. Returns whether every invariant holds. */
export function showNemesis(report: NemesisReport, say: (line: string) => void): boolean {
  const { seed, submissions, calls, requests, effects, states, settledAfterMs, verdicts } = report;
  const byState = Object.entries(states).map(([state, count]) => `${state} ${count}`);
  say('');
  say(
    `seed ${seed}: ${report.faults.length} faults; ${submissions} submissions, ${calls} calls (${byState.join(', ')}), ` +
      `${requests} requests, ${effects} effects`,
  );
  say(
    settledAfterMs === undefined
      ? 'not everything came to rest'
      : `everything had come to rest ${(settledAfterMs / 1_000).toFixed(1)} s after the last fault`,
  );
  say('');
  say(
    textTable(
      ['invariant', 'checked', 'broken', 'verdict'],
      verdicts.map(({ invariant, says, checked, faults, verdict }) => [
        `${invariant} ${says}`,
        checked,
        faults.length,
        verdict.replace('_', ' '),
      ]),
    ),
  );
  say('');
  for (const { invariant, faults } of verdicts) {
    for (const fault of faults.slice(0, shownFaults)) say(`FAULT: ${invariant}: ${fault}`);
    if (faults.length > shownFaults) say(`  and ${faults.length - shownFaults} more of ${invariant}`);
  }
  return verdicts.every(({ verdict }) => verdict !== 'broken');
}
