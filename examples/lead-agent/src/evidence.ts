import { defined } from '@action-mesh/kernel';
import { percentile, type ProviderSimulator, type RecordedRequest } from '@action-mesh/testing';

import type { Step } from './agent.js';
import type { CalmWrites } from './calm.js';
import {
  accountFaults,
  accountsSeen,
  leadOf,
  type ExpectedAccounts,
  type SeenAccounts,
} from './account-evidence.js';
import { deadContactPath, type DeadLetterStory } from './dead-letter.js';
import type { ToldStory } from './run-story.js';
import type { SecondTenant } from './second-tenant.js';

/** The result of the demo, as `--json` prints it. */
export interface DemoReport extends SeenAccounts {
  /** The calls that the agent made, without copies. */
  readonly calls: number;
  /** Calls that ended with an outcome. */
  readonly outcomes: number;
  /** Changes at the provider, as the effect oracle counted them. */
  readonly effects: number;
  /** Submissions that got an answer without running. */
  readonly duplicatesSuppressed: number;
  /** Calls without an outcome, and successful writes without an effect. */
  readonly lost: number;
  /** Calls with more than one effect. */
  readonly duplicated: number;
  /** Calls that another executor finished. */
  readonly recovered: number;
  /**
   * The milliseconds that the mesh adds to a write, one call at a time: the caller's wait minus that for a direct
   * request.
   */
  readonly addedMsP50: number;
  readonly addedMsP99: number;
  /** The milliseconds that the mesh adds to each of the first ten calls of new processes. */
  readonly coldMsP50: number;
  readonly coldMsP99: number;
  /** The wait of the callers in the burst, which sends every call three times at once, before the kill. */
  readonly burstMsP50: number;
  readonly burstMsP99: number;
  readonly traceIds: readonly string[];
  /** Calls that died and succeeded after they were redriven. */
  readonly redriven: number;
  /** The time from the request that revokes a key to its first refusal, milliseconds. */
  readonly revokedAfterMs: number;
  /** The time from a provider's request for silence to its next request. Absent without a request for silence. */
  readonly silenceMs?: number;
  /** The run that the history told, and the export that proves it. */
  readonly story: { readonly run_id: string; readonly trace_id: string; readonly file: string };
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

export interface DemoEvidence {
  readonly report: DemoReport;
  readonly rows: readonly ToolRow[];
  /** One run as the history tells it. */
  readonly story: ToldStory;
  /** The problems that the demo found. Empty when there are none. */
  readonly faults: readonly string[];
}

/** The requests of each tool at the oracle, and whether they have an effect. */
const places: readonly { readonly tool: string; readonly path: string; readonly writes: boolean }[] = [
  { tool: 'enrich_lead', path: '/enrich', writes: false },
  { tool: 'crm_update_contact', path: '/crm/contacts/', writes: true },
  { tool: 'slack_post_message', path: '/slack/chat.postMessage', writes: true },
];

/** The input for the evidence of a demo run. */
export interface DemoRun {
  readonly leads: readonly string[];
  readonly traceIds: readonly string[];
  readonly steps: readonly Step[];
  /** The steps that had ended when the executor was killed. */
  readonly undisturbed: readonly Step[];
  readonly calm: CalmWrites;
  readonly oracle: ProviderSimulator;
  readonly deadLetter: DeadLetterStory;
  readonly secondTenant: SecondTenant;
  readonly story: ToldStory;
  /** The silence that the messenger asked for. */
  readonly silenceMs: number;
  readonly connections: ExpectedAccounts;
}

/** Compares the agent's answers with the provider's records. */
export async function gatherDemoEvidence({
  leads,
  traceIds,
  steps,
  undisturbed,
  calm,
  oracle,
  deadLetter,
  secondTenant,
  story,
  silenceMs,
  connections,
}: DemoRun): Promise<DemoEvidence> {
  const faults: string[] = [];
  const rows: ToolRow[] = [];
  let lost = 0;
  for (const place of places) {
    const mine = steps.filter((step) => step.tool === place.tool);
    const requests = (await oracle.requests({ path: place.path })).filter(
      ({ path }) => path !== deadContactPath,
    );
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
  if (deadLetter.effects > 1) faults.push('the call that was redriven had more than one effect');
  const redriven = deadLetter.first === 'dead' && deadLetter.last === 'succeeded' ? 1 : 0;
  if (redriven === 0)
    faults.push(`the call with the broken provider was ${deadLetter.first}, then ${deadLetter.last}`);
  faults.push(...sharedData(secondTenant));
  const accounts = await accountsSeen(oracle, connections);
  faults.push(...accountFaults(accounts));
  const silence = await silenceAfterRefusal(oracle, connections.accountOf);
  if (silence === undefined || silence < silenceMs) {
    faults.push(
      `the messenger asked for ${silenceMs} ms of silence and got ${silence ?? 'no request at all'}`,
    );
  }
  const burstMs = undisturbed.map(httpMs);
  const sum = (value: (row: ToolRow) => number): number => rows.reduce((total, row) => total + value(row), 0);
  const report: DemoReport = {
    calls: leads.length * places.length + 1,
    outcomes: sum((row) => row.succeeded) + redriven,
    effects: sum((row) => row.effects) + deadLetter.effects,
    duplicatesSuppressed: sum((row) => row.suppressed),
    lost,
    duplicated,
    recovered: sum((row) => row.recovered),
    addedMsP50: percentile(calm.warmMs, 0.5),
    addedMsP99: percentile(calm.warmMs, 0.99),
    coldMsP50: percentile(calm.coldMs, 0.5),
    coldMsP99: percentile(calm.coldMs, 0.99),
    burstMsP50: percentile(burstMs, 0.5),
    burstMsP99: percentile(burstMs, 0.99),
    traceIds,
    redriven,
    revokedAfterMs: secondTenant.revokedAfterMs,
    ...accounts,
    story: { run_id: story.runId, trace_id: story.traceId, file: story.file },
    ...defined({ silenceMs: silence }),
  };
  if (report.outcomes !== report.calls)
    faults.push(`${report.calls - report.outcomes} calls did not succeed`);
  if (!story.isIntact) faults.push('the history is not intact');
  if (report.recovered === 0) faults.push('no call was recovered, so the kill missed');
  return { report, rows, story, faults };
}

/** The most time that a door may take to learn of a revocation, milliseconds. */
const revocationMs = 2_000;

/** Checks that the second tenant shares neither calls nor keys with the first one. */
function sharedData({ requests, foreignCallStatus, revokedAfterMs }: SecondTenant): string[] {
  return [
    ...(requests === 2 ? [] : [`equal calls of two tenants led to ${requests} requests instead of 2`]),
    ...(foreignCallStatus === 404
      ? []
      : [`a call of another tenant was answered with ${foreignCallStatus} instead of 404`]),
    ...(revokedAfterMs < revocationMs ? [] : [`a revoked key was refused after ${revokedAfterMs} ms`]),
  ];
}

/** Requests under way at the provider's 429 arrive within this time, milliseconds. */
const underWayMs = 500;

/**
 * Milliseconds from the request with the answer 429 to the next one of the same account that began after it. A provider
 * counts per account, so the other accounts go on.
 */
async function silenceAfterRefusal(
  oracle: ProviderSimulator,
  accountOf: (email: string | undefined) => string,
): Promise<number | undefined> {
  const requests = await oracle.requests({ path: '/slack' });
  const refused = requests.find(({ mode }) => mode === 'status');
  if (refused === undefined) return undefined;
  const account = accountOf(leadOf(refused));
  const next = requests.find(
    (request) => request.atMs > refused.atMs + underWayMs && accountOf(leadOf(request)) === account,
  );
  return next === undefined ? undefined : Math.round(next.atMs - refused.atMs);
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

/** Checks that the submissions of each call have one original and one answer. */
function disagreements(steps: readonly Step[]): string[] {
  return steps.flatMap(({ tool, lead, submissions }) => {
    const answers = new Set(
      submissions.map(({ outcome }) => JSON.stringify([outcome.status, outcome.result])),
    );
    const originals = new Set(submissions.map(({ outcome }) => outcome.duplicate_of ?? outcome.call_id));
    return answers.size === 1 && originals.size === 1
      ? []
      : [`the submissions of ${tool} for ${lead} got different answers`];
  });
}

/** Checks that every request at the provider belongs to the trace of a trigger. */
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
