import { createRequire } from 'node:module';

import { stopIdleTimerLoop, type RequestQueueLike } from './kafkajs-timer-loop.js';

interface Queue extends RequestQueueLike {
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}

type QueueClass = new (options: object) => Queue;

/** The library's class as it is installed, or as it came when it has been patched in this process already. */
function libraryQueue(): Queue {
  const loaded: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js');
  const Library = loaded as QueueClass;
  const logger = { debug: () => undefined };
  return new Library({
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    clientId: 'c',
    broker: 'b',
    logger,
  });
}

describe('the patch of the timer loop (K13)', () => {
  it('fits the installed library, twice', () => {
    expect(stopIdleTimerLoop()).toBe(true);
    expect(stopIdleTimerLoop()).toBe(true);
  });

  it('sets no timer for an empty queue, and still one for a queue with requests', () => {
    stopIdleTimerLoop();
    const queue = libraryQueue();
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.pending = [{}];
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });

  it('leaves alone what it does not know', () => {
    class Rewritten {
      scheduleCheckPendingRequests(): void {
        throw new Error('another library');
      }
    }
    const before = Object.getOwnPropertyDescriptor(Rewritten.prototype, 'scheduleCheckPendingRequests')
      ?.value as unknown;
    expect(stopIdleTimerLoop(Rewritten)).toBe(false);
    expect(stopIdleTimerLoop({})).toBe(false);
    expect(stopIdleTimerLoop(class {})).toBe(false);
    expect(Object.getOwnPropertyDescriptor(Rewritten.prototype, 'scheduleCheckPendingRequests')?.value).toBe(
      before,
    );
  });
});
