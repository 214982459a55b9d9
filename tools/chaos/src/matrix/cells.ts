import { effectClasses, type BroughtFault, type ChaosClass } from '../chaos-call.js';
import { crashPoints, type CrashPoint } from '../crash-points.js';

/**
 * `live`: the executor is killed at the point, and its connection tells at once. `expired`: it is frozen at the point until
 * its lease is over, and then goes on from that very line.
 */
export const leases = ['live', 'expired'] as const;
export type Lease = (typeof leases)[number];

/** Who goes on with the calls: the same executor, started again or thawed, or another one that ran beside it. */
export const recoverers = ['same', 'other'] as const;
export type Recoverer = (typeof recoverers)[number];

/** One way for an executor to be lost with one call. */
export interface Cell {
  readonly point: CrashPoint;
  readonly effect: ChaosClass;
  readonly lease: Lease;
  readonly recoverer: Recoverer;
}

/** What has to be so for a point to be passed at all. */
export interface Preparation {
  /** Another executor dies there first, and leaves what the point is about. */
  readonly firstLoss?: CrashPoint;
  /** Two executors would race for it: the other one is started only when the first is lost. */
  readonly alone?: true;
  /** What the call meets at the provider. */
  readonly fault?: BroughtFault;
}

/** Long enough for the scheduler: shorter delays are waited for in memory. */
const toldToWait: Preparation = {
  alone: true,
  fault: { sim_mode: 'status', sim_status: '429', sim_retry_after: '2', sim_times: '1' },
};
/** Exactly one rung of the ladder. */
const toldToWaitARung: Preparation = {
  alone: true,
  fault: { ...toldToWait.fault, sim_retry_after: '1' },
};
const leftInTheOutbox: Preparation = { firstLoss: 'after_advance_commit' };
const leftUnderWay: Preparation = { firstLoss: 'after_request_left' };

const preparations: Partial<Record<CrashPoint, Preparation>> = {
  relay_after_publish: leftInTheOutbox,
  relay_after_delete: leftInTheOutbox,
  before_wake_commit: toldToWait,
  after_wake_commit: toldToWait,
  ladder_before_wake: toldToWaitARung,
  ladder_after_wake: toldToWaitARung,
  before_take_over_commit: leftUnderWay,
  after_take_over_commit: leftUnderWay,
};

export function preparationOf(point: CrashPoint): Preparation {
  return preparations[point] ?? {};
}

export function nameOf({ point, effect, lease, recoverer }: Cell): string {
  return `${point}/${effect}/${lease}/${recoverer}`;
}

/** Every crash point × effect class × lease × recoverer, those left out whose name does not contain `only`. */
export function allCells(only = ''): readonly Cell[] {
  return crashPoints
    .flatMap((point) =>
      leases.flatMap((lease) =>
        recoverers.flatMap((recoverer) =>
          effectClasses.map((effect): Cell => ({ point, effect, lease, recoverer })),
        ),
      ),
    )
    .filter((cell) => nameOf(cell).includes(only));
}
