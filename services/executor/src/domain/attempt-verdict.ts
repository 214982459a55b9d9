import type { EffectClass, Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';

import {
  describeOpenAnswer,
  isRedirect,
  isSuccess,
  leavesOpen,
  rejection,
  resultTooLarge,
} from './answer-status.js';
import type { AnsweredEvidence, AttemptEvidence, Failure } from './attempt-evidence.js';

export type AttemptVerdict =
  | { readonly kind: 'succeed' }
  | { readonly kind: 'fail'; readonly failure: Failure }
  /** Every retry is used up. One more is safe if a person wants it. */
  | { readonly kind: 'die'; readonly failure: Failure }
  /** `lostTrack`: the attempt's effect is unknown, but repeating it is safe. */
  | {
      readonly kind: 'retry';
      readonly delayMs: number;
      readonly lostTrack: boolean;
      readonly failure: Failure;
    }
  /** The provider can be asked after `delayMs` milliseconds. */
  | { readonly kind: 'probe'; readonly delayMs: number; readonly failure: Failure }
  | { readonly kind: 'review'; readonly failure: Failure };

export interface Situation {
  readonly effect: Tool['effect'];
  readonly retry: Tool['retry'];
  /** The number of the attempt behind the evidence, counted from 1 since the call began or was redriven. */
  readonly attempt: number;
  /** Whether an earlier request may have taken effect. */
  readonly mayHaveActed: boolean;
  /** Milliseconds since the first request of this call left. It bounds the life of a provider key. */
  readonly firstDispatchAgeMs: number;
  /** Milliseconds until no request may start any more. Absent for a call without such a time. */
  readonly remainingMs: number;
  /** A number in [0, 1) that spreads retries. */
  readonly random: number;
}

/** The longest delay in milliseconds that a call waits in memory. */
export const longestMemoryDelayMs = 1_000;

/** Milliseconds of a provider key's life that stay unused, because clocks differ. */
const keyMarginMs = 60_000;

/** Statuses that mean "not now" and that nothing was done. A tool may name more. */
const refusedForNow = new Set([425, 429]);

/**
 * The next step after an attempt. The effect class alone decides whether an unanswered request may be repeated (I2).
 * The tool's retry policy decides how often.
 */
export function judge(evidence: AttemptEvidence, situation: Situation): AttemptVerdict {
  switch (evidence.kind) {
    case 'not_sent':
      return judgeNotSent(evidence, situation);
    case 'answered':
      return judgeAnswer(evidence, situation);
    case 'unanswered':
      return judgeSilence(evidence.message, situation);
  }
}

function judgeNotSent(
  evidence: Extract<AttemptEvidence, { kind: 'not_sent' }>,
  situation: Situation,
): AttemptVerdict {
  const failure: Failure = {
    code: evidence.code,
    category: evidence.retryable ? 'network' : 'mesh',
    message: evidence.message,
    ...defined({ fix: evidence.fix }),
  };
  return evidence.retryable ? retryOrDie(situation, failure) : { kind: 'fail', failure };
}

function judgeAnswer(answer: AnsweredEvidence, situation: Situation): AttemptVerdict {
  const { status, retryAfterMs, means } = answer;
  if (means === 'done' && situation.mayHaveActed) return { kind: 'succeed' };
  if (isSuccess(status) && (means === undefined || means === 'done')) return judgeSuccess(answer, situation);
  const failure = (code: string, message: string): Failure => ({ code, category: 'provider', message });
  if (isRefusal(answer, situation.retry)) {
    const refused = failure(
      status < 500 ? 'provider_rate_limited' : 'provider_unavailable',
      `the provider refused the request for now (${status}), so it did nothing`,
    );
    return retryOrDie(situation, refused, { floorMs: retryAfterMs });
  }
  const isRead = situation.effect.class === 'read';
  if (!leavesOpen(answer) || (isRead && isRedirect(status) && means !== 'unknown')) {
    return { kind: 'fail', failure: rejection(answer) };
  }
  const said = describeOpenAnswer(answer);
  if (!mayRepeat(situation)) return askOrReview(`${said}, which does not say whether it acted`, situation);
  const code = answer.unread === undefined ? 'provider_error' : 'provider_unreadable';
  const unsure: Failure = isRead
    ? failure(code, said)
    : {
        code,
        category: 'unknown_effect',
        message: `${said}; whether it acted is not known, and sending it again is safe`,
      };
  return retryOrDie(situation, unsure, { floorMs: retryAfterMs, lostTrack: true });
}

function judgeSuccess({ reported, loss }: AnsweredEvidence, situation: Situation): AttemptVerdict {
  if (reported !== undefined) return { kind: 'fail', failure: reported };
  // A read needs its result. Any other call needs its effect, and the status has confirmed that.
  if (loss === undefined || situation.effect.class !== 'read') return { kind: 'succeed' };
  if (loss.kind !== 'broken') return { kind: 'fail', failure: resultTooLarge(loss) };
  const broken = { code: 'provider_answer_broken', category: 'network' } as const;
  const message = 'the answer of the provider broke off, or does not decode';
  return retryOrDie(situation, { ...broken, message }, { lostTrack: true });
}

/**
 * Whether the provider says that it did nothing and that a later request may succeed. A 503 with a `Retry-After` says
 * so: the server declines the request and names the time for another one. A bare 503 may come from a proxy with a
 * server that broke off in the middle of the work (ADR 27).
 */
export function isRefusal(
  { status, retryAfterMs, means }: Pick<AnsweredEvidence, 'status' | 'retryAfterMs' | 'means'>,
  retry: Tool['retry'],
): boolean {
  if (means === 'unknown') return false;
  if (means === 'limited' || refusedForNow.has(status)) return true;
  if (status === 503 && retryAfterMs !== undefined) return true;
  return retry.refused_statuses?.includes(status) === true;
}

function judgeSilence(message: string, situation: Situation): AttemptVerdict {
  if (!mayRepeat(situation)) return askOrReview(message, situation);
  const unanswered: Failure =
    situation.effect.class === 'read'
      ? { code: 'provider_unanswered', category: 'network', message }
      : {
          code: 'provider_unanswered',
          category: 'unknown_effect',
          message: `${message}; whether the provider acted is not known, and sending it again is safe`,
        };
  return retryOrDie(situation, unanswered, { lostTrack: true });
}

/** The verdict when the request must not be sent again: the mesh asks the provider if it can, else a person. */
function askOrReview(message: string, { effect }: Situation): AttemptVerdict {
  const failure = unknownEffect(message);
  return effect.class === 'probeable'
    ? { kind: 'probe', delayMs: effect.settle_ms, failure }
    : { kind: 'review', failure };
}

/** The failure of a call with an effect that only a person can find out. */
export function unknownEffect(message: string): Failure {
  return {
    code: 'effect_unknown',
    category: 'unknown_effect',
    message: `${message}; it is not known whether the provider acted`,
    fix: 'Check at the provider whether it happened, and resolve the call.',
  };
}

/** Whether a request with an unknown effect may be sent again. */
export function mayRepeat({
  effect,
  firstDispatchAgeMs,
}: Pick<Situation, 'effect' | 'firstDispatchAgeMs'>): boolean {
  const byClass: Readonly<Record<EffectClass, boolean>> = {
    read: true,
    idempotent: true,
    keyed:
      effect.class === 'keyed' &&
      firstDispatchAgeMs < effect.ttl_ms - Math.min(keyMarginMs, effect.ttl_ms / 10),
    probeable: false,
    opaque: effect.class === 'opaque' && effect.at_least_once === true,
  };
  return byClass[effect.class];
}

/**
 * A retry with full jitter, never before `floorMs`, while attempts and time are left. Else the call is dead: sending it
 * again is safe, and a person decides about it.
 */
export function retryOrDie(
  { retry, attempt, random, remainingMs }: Omit<Situation, 'effect' | 'firstDispatchAgeMs' | 'mayHaveActed'>,
  failure: Failure,
  { floorMs, lostTrack = false }: { floorMs?: number | undefined; lostTrack?: boolean } = {},
): AttemptVerdict {
  const dead: AttemptVerdict = { kind: 'die', failure: { ...failure, fix: failure.fix ?? redriveFix } };
  if (attempt >= retry.max_attempts) return dead;
  const ceilingMs = Math.min(retry.max_backoff_ms, retry.initial_backoff_ms * 2 ** (attempt - 1));
  const delayMs = Math.max(floorMs ?? 0, Math.round(random * ceilingMs));
  return delayMs >= remainingMs ? dead : { kind: 'retry', delayMs, lostTrack, failure };
}

const redriveFix = 'Redrive the call when the cause is gone.';

/** The failure of a call with a deadline that passes before a request may start. */
export const deadlineExceeded: Failure = {
  code: 'deadline_exceeded',
  category: 'request',
  message: 'the deadline passed before the call was started',
};
