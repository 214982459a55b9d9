import { hasFunction } from './kafkajs-internals.js';
import type { KafkaJsPatch } from './kafkajs-patch.js';

/** The members that the patch uses in a queue of requests to one broker. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  throttledUntil: number;
  readonly throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
  push(request: object): void;
  destroy(): void;
}

/** The class that `kafkajs/src/network/requestQueue` exports. */
export interface RequestQueueClass {
  new (options: object): RequestQueue;
  readonly prototype: RequestQueue;
}

const throttledMs = 60_000;

/**
 * Stops the 1 ms timer that kafkajs 2.2.4 keeps running on every connection (K13). The library schedules a check of
 * waiting requests even when none waits, with a negative delay unless the broker throttles. An empty queue needs no
 * timer, because each request that begins to wait schedules its own check.
 */
export const idleTimerLoop: KafkaJsPatch<RequestQueueClass> = {
  name: 'idle timer loop',
  module: 'network/requestQueue/index.js',
  assumptions: [
    {
      name: 'the module network/requestQueue is a class with the method scheduleCheckPendingRequests',
      holds: (library) =>
        typeof library === 'function' && hasFunction(library.prototype, 'scheduleCheckPendingRequests'),
    },
    {
      name: 'a queue keeps the requests that wait in its array `pending`',
      holds: (library) => inQueue(library, ({ pending }) => Array.isArray(pending) && pending.length === 0),
    },
    {
      name: 'scheduleCheckPendingRequests sets a timer although no request waits',
      holds: (library) =>
        inQueue(library, (queue) => {
          queue.scheduleCheckPendingRequests();
          return isTimer(queue.throttleCheckTimeoutId);
        }),
    },
    {
      name: 'a request that has to wait is in `pending` first and then schedules its own check',
      holds: (library) =>
        inQueue(library, (queue) => {
          let waiting = 0;
          const schedule = queue.scheduleCheckPendingRequests.bind(queue);
          queue.scheduleCheckPendingRequests = () => {
            waiting = queue.pending.length;
            schedule();
          };
          queue.throttledUntil = Date.now() + throttledMs;
          queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest: () => undefined });
          return waiting === 1 && isTimer(queue.throttleCheckTimeoutId);
        }),
    },
  ],
  change({ prototype }) {
    const original: unknown = Reflect.get(prototype, 'scheduleCheckPendingRequests');
    prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
      if (this.pending.length > 0) (original as () => void).call(this);
    };
  },
};

/** Runs a check on a queue without a connection. */
function inQueue(library: unknown, check: (queue: RequestQueue) => boolean): boolean {
  const queue = new (library as RequestQueueClass)({
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    clientId: '',
    broker: '',
    logger: { debug: () => undefined },
  });
  try {
    return check(queue);
  } finally {
    queue.destroy();
  }
}

function isTimer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
