import type { OwnedCall } from './ledger.port.js';

/** A call whose wait is over, now owned by this incarnation. */
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
}

/** The calls that wait and that nobody answers for. */
export interface WaitingRoom {
  /** Takes up to `limit` calls that are due, the longest overdue first. */
  wakeDue(limit: number): Promise<readonly WokenCall[]>;
  /** Takes those of the named calls that still wait for just that. */
  wakeNamed(calls: readonly NamedCall[]): Promise<readonly WokenCall[]>;
  /** Milliseconds until the next call is due; undefined: none waits. */
  untilNextMs(): Promise<number | undefined>;
}

export const WaitingRoom = Symbol('WaitingRoom');
