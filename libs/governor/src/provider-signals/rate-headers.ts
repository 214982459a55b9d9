import type { Signal } from '../governor.port.js';
import { quotaItems } from './structured-field.js';
import { headerValues, parseReset, parseRetryAfter } from './wait-time.js';

/**
 * The longest block from one answer. A day covers every known quota; afterwards, the governor asks the provider again.
 */
export const longestBlockMs = 86_400_000;
/** The block after an answer "too many requests" without a time. */
export const unhintedBlockMs = 1_000;

const names = new Set([
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
]);

/** Whether a header, in lower case, belongs into `Signal.headers`. */
export function isRateLimitHeader(name: string): boolean {
  return names.has(name);
}

/** The block that an answer asks for, in milliseconds; 0: none. */
export function blockedForMs(signal: Signal, nowMs: number): number {
  if (signal.kind !== 'answered') return 0;
  const headers = signal.headers ?? {};
  const refused = signal.status === 429 || signal.status === 503;
  const asked = [
    ...(refused ? [signal.retryAfterMs ?? parseRetryAfter(headers['retry-after'], nowMs)] : []),
    fromRateLimit(headers['ratelimit'], headers['ratelimit-policy']),
    exhausted(headers['ratelimit-remaining'], headers['ratelimit-reset'], nowMs),
    exhausted(headers['x-ratelimit-remaining'], headers['x-ratelimit-reset'], nowMs),
  ].filter((ms): ms is number => ms !== undefined && Number.isFinite(ms) && ms > 0);
  if (asked.length > 0) return Math.min(longestBlockMs, Math.max(...asked));
  return signal.status === 429 ? unhintedBlockMs : 0;
}

/** The newer headers of the IETF draft. Returns the longest time to a reset among the used-up quotas. */
function fromRateLimit(limits: string | undefined, policies: string | undefined): number | undefined {
  if (limits === undefined) return undefined;
  const windows = new Map(
    quotaItems(policies ?? '').map(({ name, parameters }) => [name, parameters['w']] as const),
  );
  const waits = quotaItems(limits).flatMap(({ name, parameters }) => {
    const remaining = parameters['r'] ?? parameters['remaining'];
    if (remaining === undefined || remaining > 0) return [];
    const seconds = parameters['t'] ?? parameters['reset'] ?? windows.get(name);
    return seconds === undefined ? [] : [seconds * 1_000];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** The headers before the draft and in its first versions. */
function exhausted(
  remaining: string | undefined,
  reset: string | undefined,
  nowMs: number,
): number | undefined {
  if (remaining === undefined || reset === undefined) return undefined;
  // One used-up quota of several is enough.
  if (!headerValues(remaining).some((text) => /^(?:-\d{1,9}(?:\.\d{1,9})?|0(?:\.0{1,9})?)$/.test(text)))
    return undefined;
  return parseReset(reset, nowMs);
}
