import type { ProviderSimulator, RecordedRequest } from '@action-mesh/testing';

import type { Step } from './agent.js';
import { percentile } from '../percentile.js';

/** What the demo found, as `--json` prints it. */
export interface DemoReport {
  /** Calls that the agent meant to make. */
  readonly calls: number;
  /** Calls that ended with an outcome. */
  readonly outcomes: number;
  /** Changes at the provider, as the effect oracle counted them. */
  readonly effects: number;
  /** Submissions that were answered without running. */
  readonly duplicatesSuppressed: number;
  /** Calls without an outcome, and successful writes without an effect. */
  readonly lost: number;
  /** Calls with more than one effect. */
  readonly duplicated: number;
  /** Calls that another executor finished. */
  readonly recovered: number;
  /** How long the callers waited, of calls that ended before the executor was killed; the provider answers at once. */
  readonly addedMsP50: number;
  readonly addedMsP99: number;
  readonly traceIds: readonly string[];
}

/** One row of the table. */
export interface ToolRow {
  readonly tool: string;
  readonly calls: number;
  readonly submissions: number;
  readonly succeeded: number;
  readonly requests: number;
  readonly effects: number;
  readonly suppressed: number;
  readonly recovered: number;
}

export interface Evidence {
  readonly report: DemoReport;
  readonly rows: readonly ToolRow[];
  /** What is not as it should be; empty when all is well. */
  readonly faults: readonly string[];
}

/** Where the oracle sees the requests of a tool, and whether they change anything. */
const places: readonly { readonly tool: string; readonly path: string; readonly writes: boolean }[] = [
  { tool: 'enrich_lead', path: '/enrich', writes: false },
  { tool: 'crm_update_contact', path: '/crm/contacts/', writes: true },
  { tool: 'slack_post_message', path: '/slack/chat.postMessage', writes: true },
];

/** What a run of the demo leaves to be judged. */
export interface Run {
  readonly leads: readonly string[];
  readonly traceIds: readonly string[];
  readonly steps: readonly Step[];
  /** Those of the steps that had ended when the executor was killed. */
  readonly undisturbed: readonly Step[];
  readonly oracle: ProviderSimulator;
}

/** Puts what the agent was told against what the provider saw. */
export async function gatherEvidence({
  leads,
  traceIds,
  steps,
  undisturbed,
  oracle,
}: Run): Promise<Evidence> {
  const faults: string[] = [];
  const rows: ToolRow[] = [];
  let lost = 0;
  for (const place of places) {
    const mine = steps.filter((step) => step.tool === place.tool);
    const requests = await oracle.requests({ path: place.path });
    const effects = requests.filter(({ effect }) => effect === 'new').length;
    const succeeded = mine.filter((step) =>
      step.submissions.every(({ outcome }) => outcome.status === 'succeeded'),
    );
    rows.push({
      tool: place.tool,
      calls: mine.length,
      submissions: mine.reduce((sum, step) => sum + step.submissions.length, 0),
      succeeded: succeeded.length,
      requests: requests.length,
      effects,
      suppressed: mine.reduce((sum, step) => sum + suppressedIn(step), 0),
      recovered: mine.filter(isRecovered).length,
    });
    lost += leads.length - mine.length;
    if (place.writes) lost += Math.max(0, succeeded.length - effects);
    faults.push(...disagreements(mine), ...foreignTraces(place.tool, requests, traceIds));
  }
  const { duplicates } = await oracle.effects();
  const duplicated = duplicates.length;
  if (lost > 0) faults.push(`${lost} calls were lost`);
  if (duplicated > 0) faults.push(`${duplicated} calls had more than one effect`);
  const addedMs = undisturbed.map(httpMs);
  const sum = (value: (row: ToolRow) => number): number => rows.reduce((total, row) => total + value(row), 0);
  const report: DemoReport = {
    calls: leads.length * places.length,
    outcomes: sum((row) => row.succeeded),
    effects: sum((row) => row.effects),
    duplicatesSuppressed: sum((row) => row.suppressed),
    lost,
    duplicated,
    recovered: sum((row) => row.recovered),
    addedMsP50: percentile(addedMs, 0.5),
    addedMsP99: percentile(addedMs, 0.99),
    traceIds,
  };
  if (report.outcomes !== report.calls)
    faults.push(`${report.calls - report.outcomes} calls did not succeed`);
  if (report.recovered === 0) faults.push('no call was recovered, so that the kill missed');
  return { report, rows, faults };
}

function suppressedIn({ submissions }: Step): number {
  return submissions.filter(({ outcome }) => outcome.duplicate_of !== undefined).length;
}

function isRecovered({ submissions }: Step): boolean {
  return submissions.some(({ outcome }) => outcome.recovered);
}

function httpMs({ submissions }: Step): number {
  return Math.min(...submissions.filter(({ via }) => via === 'http').map(({ tookMs }) => tookMs));
}

/** The submissions of one call have one original and one answer. */
function disagreements(steps: readonly Step[]): string[] {
  return steps.flatMap(({ tool, lead, submissions }) => {
    const answers = new Set(
      submissions.map(({ outcome }) => JSON.stringify([outcome.status, outcome.result])),
    );
    const originals = new Set(submissions.map(({ outcome }) => outcome.duplicate_of ?? outcome.call_id));
    return answers.size === 1 && originals.size === 1
      ? []
      : [`the submissions of ${tool} for ${lead} were answered differently`];
  });
}

/** Every request at the provider belongs to the trace of a trigger. */
function foreignTraces(
  tool: string,
  requests: readonly RecordedRequest[],
  traceIds: readonly string[],
): string[] {
  const foreign = requests.filter(({ traceparent }) => !traceIds.includes(traceparent?.split('-')[1] ?? ''));
  return foreign.length === 0
    ? []
    : [`${foreign.length} requests of ${tool} carried another trace than their trigger`];
}
