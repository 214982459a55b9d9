import type { FoundSecret } from '../read/secrets.js';
import type { ReadDraft, WorkflowReport } from './workflow-report.js';

/** One line of the list to go through before a cut-over. */
export interface ReadinessLine {
  readonly check: string;
  readonly state: 'shown' | 'open' | 'no evidence yet';
  /** The evidence, or how to get it. */
  readonly evidence: string;
}

/** The readiness list. The import can show some of its lines; the others say how to get their evidence. */
export function readinessOf(
  drafts: readonly ReadDraft[],
  workflows: readonly WorkflowReport[],
  secrets: readonly FoundSecret[],
): readonly ReadinessLine[] {
  const nodes = workflows.flatMap((workflow) => workflow.nodes);
  const number = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
  const manual = nodes.filter(({ state }) => state === 'manual').length;
  const toCheck = nodes.filter(({ state }) => state === 'check').length;
  const unguarded = nodes.filter(({ hazards }) => hazards.includes('opaque-write')).length;
  const wanted = workflows.flatMap(({ wantedTools }) => wantedTools).length;
  const open = nodes.filter(({ hazards }) => hazards.includes('no-auth-webhook')).length;
  const zones = nodes.filter(({ hazards }) => hazards.includes('timezone')).length;
  const state = nodes.filter(
    ({ hazards }) => hazards.includes('cursor') || hazards.includes('static-data'),
  ).length;
  const writes = nodes.filter((node) => node.writes).length;
  const triggers = drafts.flatMap(({ workflow }) => workflow.flows.map((flow) => flow.trigger.kind));
  const children = nodes.filter(({ notes }) => notes.some((note) => note.includes('sub-workflow'))).length;
  const shown = (check: string, isShown: boolean, evidence: string): ReadinessLine => ({
    check,
    state: isShown ? 'shown' : 'open',
    evidence,
  });
  const later = (check: string, how: string): ReadinessLine => ({
    check,
    state: 'no evidence yet',
    evidence: how,
  });
  return [
    shown(
      'Nothing is manual, and every check is signed',
      manual + toCheck === 0,
      `${number(manual, 'node')} manual, ${number(toCheck, 'node')} to check`,
    ),
    secrets.length > 0
      ? shown(
          'Secrets are out of the file and replaced; connections are made and tested',
          false,
          `${number(secrets.length, 'secret')} found in the file: replace each at its provider`,
        )
      : later(
          'Secrets are out of the file and replaced; connections are made and tested',
          'no secret was recognized in the file; make each connection of the report and call a read with it',
        ),
    shown(
      'Every writing tool has a declared effect class, or its owner accepts at most once',
      unguarded + wanted === 0,
      `${number(unguarded, 'node')} with opaque writes, ${number(wanted, 'tool')} to add to the catalog`,
    ),
    later(
      'The trigger key is named and unique over 30 days',
      triggers.includes('webhook')
        ? 'give the webhook trigger a key, and count duplicates in 30 days of history'
        : 'compare the keys of 30 days of history',
    ),
    triggers.includes('webhook')
      ? shown(
          'The webhook is authenticated',
          open === 0,
          open === 0
            ? 'the old trigger had an authentication: set one up for the new one'
            : `${number(open, 'trigger')} accepted events from anyone: set a signature or a token`,
        )
      : shown('The webhook is authenticated', true, 'no webhook'),
    triggers.includes('schedule')
      ? shown(
          'Schedule, time zone and missed runs are confirmed',
          false,
          zones === 0
            ? 'the time zone is in the file; confirm catchUp'
            : 'the time zone is not in the file: read it in the old product',
        )
      : later(
          'Schedule, time zone and missed runs are confirmed',
          'no schedule in the file; Make keeps its schedule outside',
        ),
    shown(
      'Cursors and data stores are moved, and the instant of the cut is noted',
      state === 0,
      state === 0
        ? 'no cursor and no static data found'
        : `${number(state, 'node')} with a state outside of the file`,
    ),
    later(
      'Each write has an undo, or "none" is signed',
      `${number(writes, 'node')} that write: add { undo: true } where the tool declares a compensation`,
    ),
    later('Dry runs are green on real samples of each branch', samplesText(workflows)),
    later(
      'Shadow: 200 triggers or 14 days, all branches, 99.5 % same',
      'run the flow in shadow beside the old automation',
    ),
    later(
      'Rates fit: peak × steps within the limits of the providers',
      'multiply the peak of the history by the calls of a run',
    ),
    later('Alerts, owner, runbook and approvers are named', 'name them in the configuration of the flow'),
    later('The rollback was rehearsed in under a minute', 'rehearse it on the canary'),
    later(
      'The old automation stays off but restorable for 30 days',
      'name its owner and the day of its deletion',
    ),
    later('Cost and latency stand beside those of the old automation', 'compare one week of both'),
    shown(
      'Sub-workflows, the error workflow and callers are moved or bridged',
      children === 0,
      children === 0
        ? 'no sub-workflow outside of the file was found'
        : `${number(children, 'node')} that call workflows outside of the file`,
    ),
  ];
}

function samplesText(workflows: readonly WorkflowReport[]): string {
  const count = workflows.flatMap(({ samples }) => Object.keys(samples)).length;
  return count === 0
    ? 'no samples in the file: take payloads from the run history'
    : `the file has samples of ${count} nodes: run the draft on them, and take payloads of the other branches from the history`;
}
