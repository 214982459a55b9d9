import type { WakeCapacity } from './fair-share.js';
import type { OwnedCall } from './ledger.port.js';

/** A call whose wait is over, now owned by this instance. */
export interface WokenCall {
  readonly owned: OwnedCall;
  /** Milliseconds after it was due. Never negative (I6). */
  readonly lateMs: number;
}

/** A call that a record on the ladder names. */
export interface NamedCall {
  readonly tenantId: string;
  readonly userId: string;
  readonly hash: string;
  /** Where the call has moved on to another attempt, the record is out of date. */
  readonly attempt: number;
  /** False: no slot for its tenant is in sight, and the scheduler is to wake it. */
  readonly hasCapacity: boolean;
}

/** How many calls may be woken: about so many in all, shared out equally, and of each tenant no more than it has room for. */
export interface WakeBounds {
  readonly limit: number;
  readonly capacity: WakeCapacity;
}

/** The calls that wait and that nobody answers for. */
export interface ParkedCalls {
  /** Takes calls that are due, the longest overdue of each tenant first. */
  wakeDue(bounds: WakeBounds): Promise<readonly WokenCall[]>;
  /** Takes calls that wait for their tenant's turn, the oldest of each tenant first. */
  wakeOverflow(bounds: WakeBounds): Promise<readonly WokenCall[]>;
  /** Takes those of the named calls that still wait for just that. */
  wakeNamed(calls: readonly NamedCall[]): Promise<readonly WokenCall[]>;
  /** Milliseconds until the next call is due by the clock; undefined: none waits for that. */
  untilNextMs(): Promise<number | undefined>;
}

export const ParkedCalls = Symbol('ParkedCalls');
