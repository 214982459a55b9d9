import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import { isDone } from '../domain/answer-rule.js';
import { mayHaveActed, triedRequest, withTried } from '../domain/attempt-history.js';
import { judge, type Situation } from '../domain/attempt-verdict.js';
import type { CallSession } from './call-session.js';
import type { OwnedCall } from './ledger.port.js';
import type { Attempted } from './provider.port.js';
import type { Judged } from './settle-call.js';
import type { PreparedTool } from './tools.port.js';

/** Milliseconds until no request of the call may start any more. Infinity for a call without a deadline. */
export function deadlineInMs({ deadline }: AcceptedCall, nowMs: number): number {
  return deadline === undefined ? Infinity : Date.parse(deadline) - nowMs;
}

/** The facts about a running call for a verdict. `random`: a number in [0, 1) that spreads retries. */
export function situationOf(
  { known, state, tried }: CallSession<OwnedCall>,
  { tool }: PreparedTool,
  { nowMs, random }: { readonly nowMs: number; readonly random: number },
): Situation {
  const sinceBeginMs = nowMs - (known.renewedAtMs ?? known.receivedAtMs);
  const untilDeadlineMs = deadlineInMs(known.call, nowMs);
  return {
    effect: tool.effect,
    retry: tool.retry,
    attempt: state.attempt - state.attemptsBefore,
    mayHaveActed: mayHaveActed(tried),
    firstDispatchAgeMs: known.firstDispatchAgeMs + (nowMs - known.receivedAtMs),
    remainingMs: Math.min(untilDeadlineMs, (tool.retry.deadline_ms ?? Infinity) - sinceBeginMs),
    random,
  };
}

/** Judges an attempt. An attempt that does not end the call gets an entry in the history. */
export function judgeAttempt(
  session: CallSession<OwnedCall>,
  { evidence, answer }: Attempted,
  situation: Situation,
  nowMs: number,
): Judged {
  const verdict = judge(evidence, situation);
  // The refusal of a repetition is no result of the call.
  const isAnswered = answer !== undefined && !isDone(evidence, situation);
  const judged: Judged = isAnswered ? { verdict, evidence, answer } : { verdict, evidence };
  if (verdict.kind === 'succeed' || verdict.kind === 'fail') return judged;
  const entry = triedRequest(session.state.attempt, evidence, situation.retry, nowMs);
  return { ...judged, tried: withTried(session.tried, entry) };
}
