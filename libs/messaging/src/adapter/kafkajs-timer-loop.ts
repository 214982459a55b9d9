import { createRequire } from 'node:module';

/** The part of kafkajs's `RequestQueue` that the patch relies on. */
export interface RequestQueueLike {
  readonly pending: readonly unknown[];
}

interface RequestQueueClass {
  readonly prototype: { scheduleCheckPendingRequests?: (this: RequestQueueLike) => void };
}

const PATCHED = Symbol.for('action-mesh.kafkajs-timer-loop');

/**
 * Stops the 1 ms timer that kafkajs 2.2.4 keeps running on every connection (K13): it schedules a check of the pending
 * requests even when there are none, with a delay that is negative unless the broker throttles. A request that becomes
 * pending schedules its own check, so that nothing is lost by not looking at an empty queue.
 *
 * Does nothing and returns false where the library no longer looks as it did.
 */
export function stopIdleTimerLoop(requestQueue: unknown = loadRequestQueue()): boolean {
  if (!isRequestQueueClass(requestQueue)) return false;
  const { prototype } = requestQueue;
  const original = prototype.scheduleCheckPendingRequests;
  if (original === undefined) return false;
  if (PATCHED in original) return true;
  const source = Function.prototype.toString.call(original);
  if (!source.includes('throttledUntil') || !source.includes('this.pending.length > 0')) return false;
  const guarded = function (this: RequestQueueLike): void {
    if (this.pending.length > 0) original.call(this);
  };
  prototype.scheduleCheckPendingRequests = Object.assign(guarded, { [PATCHED]: true });
  return true;
}

function loadRequestQueue(): unknown {
  try {
    return createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js');
  } catch {
    return undefined;
  }
}

function isRequestQueueClass(value: unknown): value is RequestQueueClass {
  return typeof value === 'function' && typeof value.prototype === 'object';
}
