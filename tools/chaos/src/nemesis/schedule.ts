import { SeededRandom } from './seeded-random.js';

/** The executors of a run. The last of them comes and goes in storms. */
export const instances = ['executor-1', 'executor-2', 'executor-3'] as const;
export type Instance = (typeof instances)[number];

export type FaultKind =
  /** SIGKILL, and a restart after a moment. */
  | 'kill'
  /** SIGSTOP for longer than the lease. */
  | 'freeze'
  /** Members of the consumer group come and go. */
  | 'rebalance_storm'
  /** The first executor loses Kafka, PostgreSQL or both, without any error on the connection. */
  | 'cut_kafka'
  | 'cut_postgres'
  | 'cut_both'
  /** The broker is killed or stopped, and starts again. */
  | 'kafka_crash'
  | 'kafka_restart'
  /** PostgreSQL stops in immediate mode and recovers. */
  | 'postgres_crash'
  | 'redis_flush'
  | 'redis_crash'
  /** One executor continues with a wall clock that is minutes wrong. */
  | 'clock_skew';

export interface ScheduledFault {
  readonly number: number;
  readonly kind: FaultKind;
  /** Milliseconds from the start of the run. */
  readonly atMs: number;
  /** Milliseconds of the fault, including its healing. */
  readonly forMs: number;
  readonly instance: Instance;
  /** Milliseconds that `clock_skew` adds to the clock. May be negative. */
  readonly skewMs: number;
}

/** The weight of each kind, and its shortest and longest duration in milliseconds. */
const kinds: readonly (readonly [FaultKind, number, readonly [number, number]])[] = [
  ['kill', 6, [500, 2_500]],
  ['freeze', 4, [11_000, 16_000]],
  ['rebalance_storm', 3, [8_000, 14_000]],
  ['cut_kafka', 2, [5_000, 15_000]],
  ['cut_postgres', 3, [3_000, 15_000]],
  ['cut_both', 2, [10_000, 16_000]],
  ['kafka_crash', 2, [1_000, 5_000]],
  ['kafka_restart', 1, [1_000, 4_000]],
  ['postgres_crash', 3, [500, 6_000]],
  ['redis_flush', 2, [0, 0]],
  ['redis_crash', 2, [1_000, 5_000]],
  ['clock_skew', 2, [8_000, 15_000]],
];

/** Milliseconds from the start of one fault to the start of the next, at least and at most. */
const gapMs: readonly [number, number] = [2_500, 7_000];

/** The targets of a fault. Faults with a common target do not overlap. */
function targetsOf(kind: FaultKind, instance: Instance): readonly string[] {
  switch (kind) {
    case 'kill':
    case 'freeze':
    case 'clock_skew':
      return [instance];
    case 'rebalance_storm':
      return ['executor-3'];
    case 'cut_kafka':
    case 'cut_postgres':
    case 'cut_both':
      return ['executor-1'];
    case 'kafka_crash':
    case 'kafka_restart':
      return ['kafka'];
    case 'postgres_crash':
      return ['postgres'];
    case 'redis_flush':
    case 'redis_crash':
      return ['redis'];
  }
}

/** The faults of a run. It is pure: the same seed, time and Redis give the same faults. */
export function makeSchedule(
  seed: number,
  durationMs: number,
  withRedis: boolean,
): readonly ScheduledFault[] {
  const random = new SeededRandom(seed);
  const possible = kinds.filter(([kind]) => withRedis || !kind.startsWith('redis'));
  const busyUntilMs = new Map<string, number>();
  const faults: ScheduledFault[] = [];
  let atMs = random.between(...gapMs);
  while (atMs < durationMs) {
    const [kind, , lasts] = random.weighted(possible.map((entry) => [entry, entry[1]] as const));
    const instance = instances[random.between(0, instances.length - 1)] ?? 'executor-1';
    const forMs = random.between(...lasts);
    const skewMs = (random.next() < 0.5 ? -1 : 1) * random.between(60_000, 300_000);
    const targets = targetsOf(kind, instance);
    if (targets.every((target) => (busyUntilMs.get(target) ?? 0) <= atMs)) {
      // A restart takes time after the outage itself.
      for (const target of targets) busyUntilMs.set(target, atMs + forMs + 6_000);
      faults.push({ number: faults.length + 1, kind, atMs, forMs, instance, skewMs });
    }
    atMs += random.between(...gapMs);
  }
  return faults;
}
