import { effectClasses, type BroughtFault, type ChaosClass } from '../chaos-call.js';
import { crashPoints, type CrashPoint } from '../crash-points.js';

/**
 * `live`: the executor is killed at the point, and its connection shows that at once. `expired`: it is frozen at the
 * point until its lease is over, and then continues from that line.
 */
export const leases = ['live', 'expired'] as const;
export type Lease = (typeof leases)[number];

/** The executor that continues the calls: the same one, started again or thawed, or another one beside it. */
export const recoverers = ['same', 'other'] as const;
export type Recoverer = (typeof recoverers)[number];

/** One way to lose an executor with one call. */
export interface Cell {
  readonly point: CrashPoint;
  readonly effect: ChaosClass;
  readonly lease: Lease;
  readonly recoverer: Recoverer;
}

/** The conditions under which a call passes a point at all. */
export interface Preparation {
  /** Another executor dies there first, and creates the situation of the point. */
  readonly firstLoss?: CrashPoint;
  /** Two executors would race to the point, so the other one starts only after the first is lost. */
  readonly alone?: true;
  /** The fault of the call at the provider. */
  readonly fault?: BroughtFault;
}

/** Long enough for the scheduler: calls wait for shorter delays in memory. */
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

/** Every crash point × effect class × lease × recoverer, limited to cells with `only` in their name. */
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
