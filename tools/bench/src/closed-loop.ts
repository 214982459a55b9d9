import { percentile } from '@action-mesh/testing';

/** The figures of one run. */
export interface Sample {
  readonly concurrency: number;
  readonly calls: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The share of calls before the measurement. They open connections, compile code and fill caches. */
const warmUpShare = 0.1;

/**
 * A closed loop of `concurrency` workers. Each sends its next call after the answer to the one before. `perform` gets
 * numbers from 0, each once, warm-up included; none once the signal aborts. `around` runs the part after the warm-up.
 */
export async function closedLoop(
  concurrency: number,
  calls: number,
  perform: (index: number) => Promise<void>,
  signal: AbortSignal,
  around: (run: () => Promise<void>) => Promise<void> = (run) => run(),
): Promise<Sample> {
  let next = 0;
  const upTo = async (end: number, latencies: number[]): Promise<void> => {
    const worker = async (): Promise<void> => {
      while (next < end && !signal.aborted) {
        const index = next++;
        const startedAtMs = performance.now();
        await perform(index);
        latencies.push(performance.now() - startedAtMs);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  };
  const warmUp = Math.max(concurrency, Math.ceil(calls * warmUpShare));
  await upTo(warmUp, []);
  const latencies: number[] = [];
  let seconds = 0;
  await around(async () => {
    const startedAtMs = performance.now();
    await upTo(warmUp + calls, latencies);
    seconds = (performance.now() - startedAtMs) / 1_000;
  });
  return {
    concurrency,
    calls,
    perSecond: Math.round(calls / seconds),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}
