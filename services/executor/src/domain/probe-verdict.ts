import type { Tried } from '@action-mesh/contracts/executor';

import { retryOrDie, unknownEffect, type Situation, type AttemptVerdict } from './attempt-verdict.js';

/** The provider's answer to the question whether it had acted. */
export type ProbeAnswer =
  | { readonly kind: 'found' }
  | { readonly kind: 'absent' }
  /** It gave no usable answer. */
  | { readonly kind: 'unsure'; readonly message: string; readonly retryAfterMs?: number };

/** How often a provider is asked that gives no usable answer, before a person is. */
const maxUnsure = 8;

/** How often it is asked about one request in all: its answers may go to and fro between nothing and no answer. */
const maxProbes = 16;

const shortestPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * The next step after a probe. An effect that a probe finds has happened. One that two probes miss, the settle time
 * apart, has not, and the request may be sent again within the bounds of the tool. A single probe may have looked too
 * early.
 */
export function judgeProbe(
  answer: ProbeAnswer,
  history: readonly Tried[],
  toolSettleMs: number,
  bounds: Omit<Situation, 'effect' | 'firstDispatchAgeMs' | 'mayHaveActed'>,
): AttemptVerdict {
  const settleMs = Math.max(shortestPauseMs, toolSettleMs);
  switch (answer.kind) {
    case 'found':
      return { kind: 'succeed' };
    case 'absent': {
      if (history.at(-1)?.kind !== 'probe' || history.at(-1)?.evidence !== 'absent') {
        const failure = unknownEffect('the provider does not know of it yet');
        return probesOfRequest(history) >= maxProbes
          ? { kind: 'review', failure }
          : { kind: 'probe', delayMs: settleMs, failure };
      }
      return retryOrDie(bounds, {
        code: 'provider_unanswered',
        category: 'network',
        message: 'the request was lost on its way: the provider does not know of it',
      });
    }
    case 'unsure': {
      const failure = unknownEffect(
        `asked whether it acted, the provider gave no answer (${answer.message})`,
      );
      const unsure = unsureSince(history);
      if (unsure >= maxUnsure || probesOfRequest(history) >= maxProbes) return { kind: 'review', failure };
      const pauseMs = Math.min(longestPauseMs, settleMs * 2 ** unsure);
      return { kind: 'probe', delayMs: Math.max(pauseMs, answer.retryAfterMs ?? 0), failure };
    }
  }
}

/** Probes since the newest request, of those that the history holds. */
function probesOfRequest(history: readonly Tried[]): number {
  return history.length - 1 - history.findLastIndex(({ kind }) => kind !== 'probe');
}

/** Probes in a row that gave no answer. */
function unsureSince(history: readonly Tried[]): number {
  let count = 0;
  for (const entry of [...history].reverse()) {
    if (entry.kind !== 'probe' || entry.evidence === 'absent') break;
    count += 1;
  }
  return count;
}
