import { idleTimerLoop, type RequestQueueClass } from './idle-timer-loop.js';
import { loadInternal } from './kafkajs-internals.js';
import { applyPatch } from './kafkajs-patch.js';

type Queue = InstanceType<RequestQueueClass>;

/** A queue of the installed class, or of one that extends it. */
function queueOf(Class: RequestQueueClass): Queue {
  return new Class({
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    clientId: 'c',
    broker: 'b',
    logger: { debug: () => undefined },
  });
}

describe('the patch of the timer loop (K13)', () => {
  it('sets no timer for an empty queue, and one for a queue with requests', () => {
    expect(applyPatch(idleTimerLoop)).toBe(true);
    const queue = queueOf(loadInternal(idleTimerLoop.module) as RequestQueueClass);
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    (queue.pending as object[]).push({});
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });

  it('sends a request that the broker held back, once the throttle is over', async () => {
    applyPatch(idleTimerLoop);
    const queue = queueOf(loadInternal(idleTimerLoop.module) as RequestQueueClass);
    queue.throttledUntil = Date.now() + 20;
    await new Promise<void>((sendRequest) =>
      queue.push({
        entry: { correlationId: 1, resolve: () => undefined, reject: () => undefined },
        expectResponse: true,
        sendRequest,
      }),
    );
    expect(queue.pending).toEqual([]);
    queue.destroy();
  });
});
