import type { ApiAnswers, ApiSchemas, RecordedCall } from '@action-mesh/sdk';

import { paintedStatus, type Painter } from '../terminal/text-color.js';
import { factLines, shortText } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';
import { faultLines, waitLines } from './outcome-text.js';

type CallAttempts = ApiAnswers['findAttempts'];
type Tried = CallAttempts['tried'][number];

/** A call with the record of its attempts. */
export interface ExplainedCall {
  readonly call: RecordedCall;
  readonly attempts: CallAttempts;
  /** The entries of the signed history. Absent for a key without `audit:read`, and while audit has no entry yet. */
  readonly story?: ApiAnswers['tellCall'];
}

/** The attempts that fit one screen. */
const mostAttempts = 8;
const mostSteps = 12;
const widest = 100;

/** Answers "why did it do that" on one screen, from the thought of the agent to the next step of a person. */
export function whyText({ call, attempts, story }: ExplainedCall, paint: Painter): string {
  const { agent, tool, outcome, policy } = call;
  const sections: (readonly string[])[] = [
    [
      `${paintedStatus(paint, outcome?.status ?? 'running')} ${paint('strong', printable(tool.slug))} ${call.call_id}`,
    ],
    factLines(
      [
        ['thought', agent?.thought && shortText(agent.thought, 300)],
        [
          'tool',
          `${tool.slug} ${tool.version}${call.mode === undefined || call.mode === 'live' ? '' : `, ${call.mode}`}`,
        ],
        ['arguments', shortText(JSON.stringify(call.arguments ?? {}), 300)],
        ['request', requestText(call, attempts)],
        ['for', `user ${call.user_id}${agentText(agent)}`],
        ['same as', call.duplicate_of],
        ['policy', policyText(policy)],
      ],
      paint,
    ),
    timeline(attempts, story, paint),
    [
      ...(call.waiting === undefined ? [] : waitLines(call.waiting, paint)),
      ...factLines([['breaker', outcome?.circuit_breaker_status]], paint),
      ...(outcome !== undefined && 'error' in outcome ? faultLines(outcome.error, paint) : []),
    ],
    factLines(
      [
        [
          'result',
          outcome !== undefined && 'result' in outcome
            ? shortText(JSON.stringify(outcome.result ?? null), 200)
            : undefined,
        ],
        [
          'undone by',
          call.compensating_actions?.map(({ call_id: id, status }) => `${id} (${status})`).join(', '),
        ],
        ['trace', call.trace_id],
        ['next', nextStep(call)],
      ],
      paint,
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function agentText(agent: RecordedCall['agent']): string {
  if (agent === undefined) return '';
  const step = agent.step === undefined ? '' : `, step ${agent.step}`;
  return `, agent ${agent.id}${agent.run_id === undefined ? '' : `, run ${agent.run_id}`}${step}`;
}

function requestText(call: RecordedCall, attempts: CallAttempts): string | undefined {
  const request = attempts.request ?? call.request;
  if (request === undefined) return undefined;
  if (request.method === undefined || request.url === undefined) return request.not_shown;
  return shortText(`${request.method} ${request.url}`, 200);
}

function policyText(policy: ApiSchemas['Call']['policy']): string | undefined {
  if (policy === undefined) return undefined;
  const { decision, rule, explained, approval } = policy;
  const by = approval === undefined ? '' : `; approval ${approval.id} by ${approval.by}`;
  return `${decision}${rule === undefined ? '' : ` by rule ${rule.id} (revision ${rule.revision})`}: ${explained}${by}`;
}

/** The attempts between the events of the history, or between the states of the ledger without a history. */
function timeline(
  { states = [], tried, attempts }: CallAttempts,
  story: ExplainedCall['story'],
  paint: Painter,
): string[] {
  const steps =
    story?.events.map(({ at, text }) => ({ at, text: shortText(text, widest) })) ??
    states.map(({ state, at }) => ({ at, text: state }));
  const events = [
    ...steps.slice(-mostSteps),
    ...tried.slice(-mostAttempts).map((one) => ({ at: one.started_at ?? one.at, text: attemptText(one) })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  const hidden = tried.length - mostAttempts;
  return [
    paint('quiet', `attempts: ${attempts}${hidden > 0 ? `; the first ${hidden} are left out` : ''}`),
    ...events.map(({ at, text }) => printable(`  ${at}  ${text}`)),
  ];
}

function attemptText({
  attempt,
  kind,
  evidence,
  duration_ms: took,
  status_code: status,
  ...one
}: Tried): string {
  const what = kind === 'request' ? `attempt ${attempt}` : `attempt ${attempt}, ${kind}`;
  const facts = [
    evidence.replace('_', ' '),
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(one.refused === true ? ['refused'] : []),
    ...(took === undefined ? [] : [`${took} ms`]),
    ...(one.times === undefined || one.times < 2 ? [] : [`${one.times} times`]),
  ];
  return `${what}: ${facts.join(', ')}${one.message === undefined ? '' : `: ${shortText(one.message, widest)}`}`;
}

/** The next step of a person, by the state of the call. */
function nextStep(call: RecordedCall): string {
  const { call_id: id, state, waiting, outcome } = call;
  switch (state) {
    case 'AWAITING_AUTH':
      return `the user connects the account${waiting?.connect_url === undefined ? '' : ` at ${waiting.connect_url}`}; the call continues by itself`;
    case 'AWAITING_APPROVAL':
      return `mesh approvals show ${waiting?.approval?.id ?? '<id>'}, then approve or reject it`;
    case 'DEAD':
      return `mend the cause, then mesh dlq redrive ${id}`;
    case 'NEEDS_REVIEW':
      return `look at the provider, then mesh dlq resolve ${id} happened, or did_not_happen`;
    case 'FAILED':
      return outcome !== undefined && 'error' in outcome && outcome.error.fix !== undefined
        ? 'follow the fix above, and make a new call'
        : 'correct the arguments or the account, and make a new call';
    case 'SUCCEEDED':
    case 'REHEARSED':
    case 'CANCELLED':
      return 'nothing: the call has ended';
    default:
      return `nothing: the mesh continues by itself; mesh calls cancel ${id} stops it before its request`;
  }
}
