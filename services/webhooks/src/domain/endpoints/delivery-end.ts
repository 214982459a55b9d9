import { defined } from '@action-mesh/kernel';

/** The result of one attempt. Only a 2xx is a delivery. */
export interface AttemptResult {
  readonly isDelivered: boolean;
  readonly statusCode?: number;
  /** For people. It names no address of an inner network. Absent after a delivery. */
  readonly failure?: string;
  /** The wait that the endpoint asked for. */
  readonly retryAfterMs?: number;
}

/** The state of a delivery and its endpoint before the result counts. */
export interface DeliveryBefore {
  readonly isTest: boolean;
  /** Earlier failed attempts of this round. */
  readonly step: number;
  /** The first failure of the endpoint since its last delivery. */
  readonly failingSinceMs?: number | undefined;
}

/** What follows from the result of an attempt. */
export type DeliveryEnd =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retried'; readonly step: number; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly step: number };

/** The decision about a delivery, and the reason to disable its endpoint. */
export interface Settlement {
  readonly end: DeliveryEnd;
  readonly disables?: 'gone' | 'failing';
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The waits between attempts, in milliseconds. The last attempt is about 31 hours after the first one. */
export const deliveryWaitsMs = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  hour,
  6 * hour,
  24 * hour,
] as const;

/** An endpoint to which nothing arrived for so long is disabled, in milliseconds. */
export const disableAfterMs = 5 * 24 * hour;

/** The longest wait that an endpoint can ask for. */
const longestAskedMs = 24 * hour;
const gone = 410;

/**
 * Decides what follows from one attempt.
 *
 * - WH3: the next attempt waits for the ladder, or for as long as the endpoint asked if that is longer.
 * - WH4: 410 disables the endpoint at once. So does a failure after days without a delivery.
 * - WH5: a test has one attempt, and its failure says nothing about the endpoint.
 */
export function settleDelivery(
  { isTest, step, failingSinceMs }: DeliveryBefore,
  result: AttemptResult,
  nowMs: number,
): Settlement {
  if (result.isDelivered) return { end: { kind: 'delivered' } };
  if (isTest) return { end: { kind: 'failed', step: step + 1 } };
  const disables = disablingReason(result, failingSinceMs, nowMs);
  const waitMs = deliveryWaitsMs[step];
  if (disables !== undefined || waitMs === undefined)
    return { end: { kind: 'failed', step: step + 1 }, ...defined({ disables }) };
  const askedMs = Math.min(result.retryAfterMs ?? 0, longestAskedMs);
  return { end: { kind: 'retried', step: step + 1, afterMs: Math.max(waitMs, askedMs) } };
}

function disablingReason(
  { statusCode }: AttemptResult,
  failingSinceMs: number | undefined,
  nowMs: number,
): 'gone' | 'failing' | undefined {
  if (statusCode === gone) return 'gone';
  return failingSinceMs !== undefined && nowMs - failingSinceMs >= disableAfterMs ? 'failing' : undefined;
}
