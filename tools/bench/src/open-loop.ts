import { setTimeout as delay } from 'node:timers/promises';

import { percentile } from '@action-mesh/testing';

/** Latency of one run at a fixed rate. */
export interface OpenSample {
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface OpenLoopOptions {
  readonly perSecond: number;
  readonly calls: number;
  readonly perform: (index: number) => Promise<void>;
  readonly signal: AbortSignal;
  /** @default the monotonic clock of this process */
  readonly clock?: LoopClock;
}

export interface LoopClock {
  now(): number;
  /** Resolves at this time, or at once when it has passed. */
  until(timeMs: number): Promise<void>;
}

/** The calls before the first measured one. They open connections. */
const warmUpCalls = 10;

const monotonic: LoopClock = {
  now: () => performance.now(),
  until: async (timeMs) => {
    const waitMs = timeMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
  },
};

/** The time when call number `index` is due, in milliseconds after the first. */
export function dueAfterMs(index: number, perSecond: number): number {
  return (index * 1_000) / perSecond;
}

/**
 * An open loop: calls start by the clock, independent of earlier calls. A latency counts from the time when the call
 * was due, so it includes a late start. `perform` gets numbers from 0, each once, warm-up included.
 */
export async function openLoop(options: OpenLoopOptions): Promise<OpenSample> {
  const { perSecond, calls, perform, signal, clock = monotonic } = options;
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  const startedAtMs = clock.now();
  for (let index = 0; index < warmUpCalls + calls && !signal.aborted; index += 1) {
    const dueAtMs = startedAtMs + dueAfterMs(index, perSecond);
    await clock.until(dueAtMs);
    const call = perform(index).then(() => {
      if (index >= warmUpCalls) latencies.push(clock.now() - dueAtMs);
    });
    call.catch(() => undefined);
    running.push(call);
  }
  await Promise.all(running);
  return { calls, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) };
}
