import type { Tool } from '@action-mesh/contracts/catalog';
import type { Tried } from '@action-mesh/contracts/executor';

import { describeOpenAnswer, leavesOpen } from './answer-status.js';
import type { AttemptEvidence, Failure } from './attempt-evidence.js';
import { isRefusal } from './attempt-verdict.js';

/** The number of entries that are kept, the newest ones. The audit trail has all of them. */
const kept = 20;

/**
 * The history with one more entry. Of several failures to load files, only the newest entry stays. It does not count
 * towards the limit, so it pushes out no request that may have taken effect.
 */
export function withTried(history: readonly Tried[], entry: Tried): readonly Tried[] {
  const others = history.filter(({ kind }) => kind !== 'file');
  return entry.kind === 'file' ? [...others, entry] : [...others, entry].slice(-kept);
}

/** A failure to load a file of the call, as an entry of the history. */
export function triedFile(
  history: readonly Tried[],
  attempt: number,
  { message }: Failure,
  nowMs: number,
): Tried & { readonly times: number } {
  const last = history.at(-1);
  const times = (last?.kind === 'file' ? (last.times ?? 0) : 0) + 1;
  return { attempt, at: new Date(nowMs).toISOString(), kind: 'file', evidence: 'not_sent', message, times };
}

/** The evidence of an attempt as an entry of the history. An answer that leaves the effect open counts as no answer. */
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
 * found it absent since. Two probes have to agree, because the first may have looked too early.
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
