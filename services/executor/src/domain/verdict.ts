import type { EffectClass, Tool } from '@action-mesh/contracts/catalog';

/** What is known after one attempt, in the words of the ledger. */
export type Evidence =
  /** No byte of the request left. */
  | {
      readonly kind: 'not_sent';
      readonly code: string;
      readonly retryable: boolean;
      readonly message: string;
    }
  /** The provider answered with a whole status line. */
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs?: number }
  /** The request, or part of it, left, and no answer came. */
  | { readonly kind: 'unanswered'; readonly message: string };

/** Whose move it is after a call that did not succeed. */
export type ErrorCategory = 'request' | 'provider' | 'network' | 'mesh' | 'unknown_effect';

export interface Failure {
  readonly code: string;
  readonly category: ErrorCategory;
  readonly message: string;
  readonly fix?: string;
}

export type Verdict =
  | { readonly kind: 'succeed' }
  | { readonly kind: 'fail'; readonly failure: Failure }
  /** `lostTrack`: the attempt's effect is unknown, and repeating it is safe all the same. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly lostTrack: boolean }
  | { readonly kind: 'review'; readonly failure: Failure };

export interface Situation {
  readonly effect: Tool['effect'];
  readonly retry: Tool['retry'];
  /** The number of the attempt that the evidence is about, from 1. */
  readonly attempt: number;
  /** Milliseconds since the first request of this call left; bounds how long a provider key is good for. */
  readonly firstDispatchAgeMs: number;
  /** Milliseconds until nothing may be started any more, where the call has such a time. */
  readonly remainingMs: number;
  /** In [0, 1); spreads retries. */
  readonly random: number;
}

/** The longest delay that a call waits for in memory. */
export const longestMemoryDelayMs = 1_000;

/** How much of a provider key's life is left unused, for clocks that disagree. */
const keyMarginMs = 60_000;

/** Statuses that say "not now" and, by their meaning, that nothing was done. */
const refusedForNow = new Set([425, 429]);

/**
 * What to do after an attempt. Whether an unanswered request may be repeated is decided by the effect class and by nothing
 * else (I2); how often, by the tool's retry policy.
 */
export function judge(evidence: Evidence, situation: Situation): Verdict {
  switch (evidence.kind) {
    case 'not_sent':
      return judgeNotSent(evidence, situation);
    case 'answered':
      return judgeAnswer(evidence, situation);
    case 'unanswered':
      return judgeSilence(evidence.message, situation);
  }
}

function judgeNotSent(evidence: Extract<Evidence, { kind: 'not_sent' }>, situation: Situation): Verdict {
  const failure: Failure = {
    code: evidence.code,
    category: evidence.retryable ? 'network' : 'mesh',
    message: evidence.message,
  };
  return evidence.retryable ? retryOr(situation, { kind: 'fail', failure }) : { kind: 'fail', failure };
}

function judgeAnswer(
  { status, retryAfterMs }: Extract<Evidence, { kind: 'answered' }>,
  situation: Situation,
): Verdict {
  if (status >= 200 && status < 300) return { kind: 'succeed' };
  const answered = (code: string, message: string): Verdict => ({
    kind: 'fail',
    failure: { code, category: 'provider', message },
  });
  if (refusedForNow.has(status)) {
    return retryOr(
      situation,
      answered('provider_rate_limited', `the provider refused the request for now (${status})`),
      retryAfterMs,
    );
  }
  if (status < 500 && status !== 408) {
    return answered('provider_rejected', `the provider rejected the request (${status})`);
  }
  // A server error may have come after the effect, and from a machine in between.
  if (!mayRepeat(situation)) {
    return judgeSilence(`the provider answered ${status}, which does not say whether it acted`, situation);
  }
  return retryOr(
    situation,
    answered('provider_error', `the provider answered ${status}`),
    retryAfterMs,
    true,
  );
}

function judgeSilence(message: string, situation: Situation): Verdict {
  const unknown: Verdict = {
    kind: 'review',
    failure: {
      code: 'effect_unknown',
      category: 'unknown_effect',
      message: `${message}; nobody knows whether the provider acted`,
      fix: 'Look at the provider whether it happened.',
    },
  };
  if (!mayRepeat(situation)) return unknown;
  const exhausted: Verdict =
    situation.effect.class === 'read'
      ? { kind: 'fail', failure: { code: 'provider_unanswered', category: 'network', message } }
      : unknown;
  return retryOr(situation, exhausted, undefined, true);
}

/** Whether a request whose effect is unknown may be sent again. */
function mayRepeat({ effect, firstDispatchAgeMs }: Situation): boolean {
  const byClass: Readonly<Record<EffectClass, boolean>> = {
    read: true,
    idempotent: true,
    keyed:
      effect.class === 'keyed' &&
      firstDispatchAgeMs < effect.ttl_ms - Math.min(keyMarginMs, effect.ttl_ms / 10),
    // Asking the provider's probe needs the reconciler's scheduler; until then its effect is as unknown as an opaque one.
    probeable: false,
    opaque: false,
  };
  return byClass[effect.class];
}

/** A retry with full jitter where attempts and time are left, else what ends the call. */
function retryOr(situation: Situation, end: Verdict, floorMs = 0, lostTrack = false): Verdict {
  const { retry, attempt, random, remainingMs } = situation;
  if (attempt >= retry.max_attempts) return end;
  const ceilingMs = Math.min(
    retry.max_backoff_ms,
    retry.initial_backoff_ms * 2 ** (attempt - 1),
    longestMemoryDelayMs,
  );
  const delayMs = Math.max(floorMs, Math.round(random * ceilingMs));
  // Longer waits need a place that outlives the process; ending with the truth beats retrying too early (I6).
  if (delayMs > longestMemoryDelayMs || delayMs >= remainingMs) return end;
  return { kind: 'retry', delayMs, lostTrack };
}
