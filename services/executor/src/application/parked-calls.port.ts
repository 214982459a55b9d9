import type { WakeCapacity } from './fair-share.js';
import type { OwnedCall } from './ledger.port.js';

/** A woken call, now owned by this instance. */
export interface WokenCall {
  readonly owned: OwnedCall;
  /** Milliseconds after its due time. Never negative (I6). */
  readonly lateMs: number;
}

/** A call that a record on the ladder names. */
export interface NamedCall {
  readonly tenantId: string;
  readonly userId: string;
  readonly hash: string;
  /** The record is outdated when the call has moved on to another attempt. */
  readonly attempt: number;
  /** False: no slot for its tenant is expected soon, so the scheduler wakes it. */
  readonly hasCapacity: boolean;
}

/** Bounds of one wake-up: about this many calls in all, in equal parts, and of each tenant at most its free room. */
export interface WakeBounds {
  readonly limit: number;
  readonly capacity: WakeCapacity;
}

/** Waiting calls without an owner. */
export interface ParkedCalls {
  /** Takes due calls, the longest overdue of each tenant first. */
  wakeDue(bounds: WakeBounds): Promise<readonly WokenCall[]>;
  /** Takes calls that wait for their tenant's turn, the oldest of each tenant first. */
  wakeOverflow(bounds: WakeBounds): Promise<readonly WokenCall[]>;
  /** Takes the named calls that still wait for exactly this record. */
  wakeNamed(calls: readonly NamedCall[]): Promise<readonly WokenCall[]>;
  /** Milliseconds until the next call is due for `wakeDue`. Undefined when none waits. */
  untilNextMs(): Promise<number | undefined>;
}

export const ParkedCalls = Symbol('ParkedCalls');
