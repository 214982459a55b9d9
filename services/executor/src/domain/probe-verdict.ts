import type { Tried } from '@action-mesh/contracts/executor';

import { retryOrDie, unknownEffect, type Situation, type AttemptVerdict } from './attempt-verdict.js';

/** The provider's answer to the question whether it had acted. */
export type ProbeAnswer =
  | { readonly kind: 'found' }
  | { readonly kind: 'absent' }
  /** It gave no usable answer. */
  | { readonly kind: 'unsure'; readonly message: string; readonly retryAfterMs?: number };

/** The number of unusable answers in a row before a person is asked. */
const maxUnsure = 8;

/** The number of probes of one request in all, because answers may alternate between "nothing" and no answer. */
const maxProbes = 16;

const shortestPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * The next step after a probe. An effect that a probe finds has happened. An effect that two probes miss, the settle
 * time apart, has not happened. Its request may be sent again within the bounds of the tool. A single probe may have
 * looked too early.
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

/** Probes since the newest request, as far as the history holds them. */
function probesOfRequest(history: readonly Tried[]): number {
  return history.length - 1 - history.findLastIndex(({ kind }) => kind !== 'probe');
}

/** Probes in a row without a usable answer. */
function unsureSince(history: readonly Tried[]): number {
  let count = 0;
  for (const entry of [...history].reverse()) {
    if (entry.kind !== 'probe' || entry.evidence === 'absent') break;
    count += 1;
  }
  return count;
}
