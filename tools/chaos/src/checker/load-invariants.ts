import { percentile } from '@action-mesh/testing';
import type { InvariantFindings } from './invariant.js';
import type { JoinedEvidence } from './joined-evidence.js';

/** I10: no window has more requests than the limit and its burst. */
export function rateKept({ raw: { rate } }: JoinedEvidence): InvariantFindings {
  if (rate === undefined) return { checked: 0, faults: [] };
  const { limit, burst, windowMs } = rate;
  const times = [...rate.requestsAtMs].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  let fromMs = 0;
  for (const [last, atMs] of times.entries()) {
    while (atMs - (times[first] ?? 0) >= windowMs) first += 1;
    if (last - first + 1 <= most) continue;
    most = last - first + 1;
    fromMs = (times[first] ?? 0) - rate.startedAtMs;
  }
  const faults =
    most > limit + burst
      ? [
          `${most} requests in the ${windowMs} ms from ${(fromMs / 1_000).toFixed(1)} s on, allowed ${limit} and a burst of ${burst}`,
        ]
      : [];
  return { checked: times.length, faults };
}

/** Below this many milliseconds, a doubled time shows the noise of the machine, not the mesh. */
const noiseMs = 250;

/** I11: a flooding neighbour does not double the waiting time of a quiet tenant. */
export function quietUnharmed({ raw: { fairness } }: JoinedEvidence): InvariantFindings {
  if (fairness === undefined) return { checked: 0, faults: [] };
  const calmMs = percentile(fairness.calmMs, 0.99);
  const floodedMs = percentile(fairness.floodedMs, 0.99);
  const faults =
    floodedMs > Math.max(2 * calmMs, noiseMs)
      ? [`p99 of a quiet tenant ${floodedMs} ms in the flood, ${calmMs} ms before`]
      : [];
  return { checked: fairness.floodedMs.length, faults };
}

const mostRssMb = 700;
const mostOpenFiles = 800;

/** I12: an executor's resources are bounded, and no ended call still waits. */
export function resourcesBounded({ raw: { watched, leftovers } }: JoinedEvidence): InvariantFindings {
  const faults: string[] = [];
  if (watched.rssMb > mostRssMb) faults.push(`an executor took ${watched.rssMb} MB, allowed ${mostRssMb}`);
  if (watched.openFiles > mostOpenFiles)
    faults.push(`an executor held ${watched.openFiles} files open, allowed ${mostOpenFiles}`);
  if (leftovers.waitingRows > 0) faults.push(`${leftovers.waitingRows} calls still wait`);
  return { checked: watched.resourceSamples, faults };
}
