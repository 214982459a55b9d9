import { textTable } from '@action-mesh/testing';
import type { TakeoverReport, TakeoverRun } from './takeover.js';

/**
 * Results of other systems in the same test: 64 calls in flight, SIGKILL, and a restart of their worker after half a
 * second.
 */
const others: readonly (readonly [string, string])[] = [
  ['Restate', '2.8 s'],
  ['DBOS', '4.1 s'],
  ['plain consumer group', '31 s'],
  ['BullMQ', '61 s'],
  ['pg-boss', '5 unresolved after 75 s'],
  ['graphile-worker', '44 unresolved after 75 s'],
];

/** The number of faults per run in the table. The report of --json has all. */
const shownFaults = 5;

/** Prints the runs and their faults. Returns whether there are none. */
export function showTakeover({ runs }: TakeoverReport, say: (line: string) => void): boolean {
  say('');
  say(
    textTable(
      [
        'executor',
        'calls',
        'in flight',
        'settled',
        'target',
        'effects',
        'unresolved',
        'to a person',
        'beyond class',
      ],
      runs.map((run) => [
        run.loss,
        run.classes,
        run.inFlight,
        run.settledMs === undefined ? 'not all' : seconds(run.settledMs),
        seconds(run.targetMs),
        run.effects,
        run.unresolved,
        run.needsReview,
        run.faults.length,
      ]),
    ),
  );
  say('');
  say('others in the same test, killed, worker restarted after 0.5 s:');
  for (const [name, took] of others) say(`  ${name.padEnd(22)}${took}`);
  const faults = runs.flatMap(faultsOf);
  for (const fault of faults) say(`FAULT: ${fault}`);
  return faults.length === 0;
}

function faultsOf(run: TakeoverRun): string[] {
  const name = `${run.loss}, ${run.classes}`;
  const faults = run.faults.slice(0, shownFaults).map((fault) => `${name}: ${fault}`);
  if (run.unresolved > 0) faults.push(`${name}: ${run.unresolved} calls unresolved`);
  if (run.settledMs === undefined || run.settledMs > run.targetMs)
    faults.push(`${name}: missed ${seconds(run.targetMs)}`);
  return faults;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
