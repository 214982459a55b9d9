import type {
  DeadCallView,
  DeadFilter,
  DeadPage,
  DeadQuery,
  WaitingPage,
  WaitingQuery,
  WaitReason,
} from '@action-mesh/contracts/executor';

import type { KnownCall, Move } from '../ledger.port.js';

/** A call with its state, for a person. */
export interface AdministeredCall extends KnownCall {
  /** The reason for the wait of a call without an owner. */
  readonly waiting?: { readonly reason: WaitReason; readonly scope?: string };
}

/** The dead calls of a request: by ids or by a filter. */
export type DeadSelection = { readonly callIds: readonly string[] } | { readonly filter: DeadFilter };

/** The dead calls of a selection, up to the limit of one request. */
export interface SelectedDead {
  /** Calls that can run again unchanged. */
  readonly calls: readonly KnownCall[];
  /** Ids of calls that need a person's verdict first. */
  readonly needVerdict: readonly string[];
  readonly more: boolean;
}

/** Shows the ledger to people and takes their interventions. Every method covers one tenant. */
export interface CallAdministration {
  /** The call of a submission. For a duplicate, the original. */
  find(tenantId: string, callId: string): Promise<AdministeredCall | undefined>;
  /** Writes a move of a call without an owner. False: the call has moved on, so look again. */
  advance(move: Move): Promise<boolean>;
  waiting(tenantId: string, query: WaitingQuery): Promise<WaitingPage>;
  dead(tenantId: string, query: DeadQuery): Promise<DeadPage>;
  deadCall(tenantId: string, callId: string): Promise<DeadCallView | undefined>;
  /** Up to `limit` dead calls. */
  select(tenantId: string, selection: DeadSelection, limit: number): Promise<SelectedDead>;
  /** The ids of the given calls that were taken under this redrive id before. */
  takenBefore(tenantId: string, redriveId: string, callIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Moves the calls and notes them under the redrive id, in one transaction. Returns the moved calls. */
  redrive(tenantId: string, redriveId: string, moves: readonly Move[]): Promise<readonly string[]>;
  /** The ids of the succeeded calls of a saga, the last first. */
  saga(tenantId: string, sagaId: string): Promise<readonly string[]>;
}

export const CallAdministration = Symbol('CallAdministration');
