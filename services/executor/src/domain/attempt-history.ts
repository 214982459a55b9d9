import type { Tool } from '@action-mesh/contracts/catalog';
import type { Tried } from '@action-mesh/contracts/executor';

import { describeOpenAnswer, leavesOpen } from './answer-status.js';
import type { AttemptEvidence } from './attempt-evidence.js';
import { isRefusal } from './attempt-verdict.js';

/** The newest entries that are kept; the audit trail has them all. */
const kept = 20;

/** The history with one more entry. */
export function withTried(history: readonly Tried[], entry: Tried): readonly Tried[] {
  return [...history, entry].slice(-kept);
}

/** The evidence of an attempt as an entry of the history. An answer that leaves open whether it acted counts as none. */
export function triedRequest(
  attempt: number,
  evidence: AttemptEvidence,
  retry: Tool['retry'],
  nowMs: number,
): Tried {
  const entry = { attempt, at: new Date(nowMs).toISOString(), kind: 'request' } as const;
  if (evidence.kind !== 'answered') return { ...entry, evidence: evidence.kind, message: evidence.message };
  return {
    ...entry,
    evidence: evidence.means === 'unknown' ? 'unanswered' : 'answered',
    status_code: evidence.status,
    ...(evidence.unread === undefined ? {} : { message: describeOpenAnswer(evidence) }),
    ...(isRefusal(evidence, retry) ? { refused: true } : {}),
  };
}

/**
 * Whether a request in the history may have taken effect: it got no answer, or an inconclusive one, and no probe has
 * found it absent since. Two probes have to agree, for the first may have looked too early.
 */
export function mayHaveActed(history: readonly Tried[]): boolean {
  let unsure = false;
  for (const [index, entry] of history.entries()) {
    if (entry.kind === 'request') unsure ||= isUnsure(entry);
    else if (entry.evidence === 'absent') {
      const before = history[index - 1];
      if (entry.kind === 'person' || (before?.kind === 'probe' && before.evidence === 'absent'))
        unsure = false;
    }
  }
  return unsure;
}

function isUnsure({ evidence, status_code: status = 0, refused }: Tried): boolean {
  if (refused === true) return false;
  return evidence === 'unanswered' || (evidence === 'answered' && leavesOpen({ status }));
}
