import type { OutcomeStatus } from '@action-mesh/contracts/executor';

import type { ChaosClass } from '../chaos-call.js';
import { effectFault, endsByItself } from '../effect-bounds.js';

/** The observations of one call after everything came to rest. */
export interface ObservedCall {
  readonly effect: ChaosClass;
  /** The status in the newest lasting outcome. Undefined when there is none. */
  readonly status: OutcomeStatus | undefined;
  /** The state in the ledger. */
  readonly state: string | undefined;
  readonly requests: number;
  readonly effects: number;
  /** Whether another executor, or a later life of the same one, had to finish it. */
  readonly recovered: boolean;
  /** Every outcome record of the call, in the order of the topic. */
  readonly outcomes: readonly {
    readonly seq: number;
    readonly status: OutcomeStatus;
    readonly text: string;
  }[];
}

const stateOf: Partial<Record<OutcomeStatus, string>> = {
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  needs_review: 'NEEDS_REVIEW',
  dead: 'DEAD',
};

/** Whether an outcome matches the state in the ledger. */
export function agrees(status: OutcomeStatus | undefined, state: string | undefined): boolean {
  return status !== undefined && stateOf[status] === state;
}

const ends: ReadonlySet<OutcomeStatus> = new Set(['succeeded', 'failed', 'cancelled']);

/** The violations of the mesh's promises for this call, in words. Empty when there are none. */
export function faultsOf(call: ObservedCall): string[] {
  const { effect, status, state, outcomes } = call;
  const faults: string[] = [];
  if (status === undefined) return [`the call was lost: it never ended (ledger: ${state ?? 'unknown'})`];
  if (!agrees(status, state))
    faults.push(`the outcome is ${status}, but the ledger says ${state ?? 'nothing'}`);
  if (status !== 'succeeded' && endsByItself(effect)) faults.push(`${effect} ended ${status}`);
  if (!endsByItself(effect) && status !== 'succeeded' && status !== 'needs_review')
    faults.push(`${effect} ended ${status}`);
  const beyond = effectFault(effect, status, call);
  if (beyond !== undefined) faults.push(beyond);
  const texts = new Map<number, string>();
  for (const { seq, text } of outcomes) {
    if ((texts.get(seq) ?? text) !== text) faults.push(`two different outcomes under seq ${seq}`);
    texts.set(seq, text);
  }
  const terminal = new Set(outcomes.filter(({ status: each }) => ends.has(each)).map(({ seq }) => seq));
  if (terminal.size > 1) faults.push(`it ended ${terminal.size} times`);
  return faults;
}
