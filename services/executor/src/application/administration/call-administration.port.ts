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

/** A call as a person finds it. */
export interface AdministeredCall extends KnownCall {
  /** What it waits for, where nobody answers for it. */
  readonly waiting?: { readonly reason: WaitReason; readonly scope?: string };
}

/** Which dead calls somebody means. */
export type DeadSelection = { readonly callIds: readonly string[] } | { readonly filter: DeadFilter };

/** The dead calls of a selection, as far as one request takes them. */
export interface SelectedDead {
  /** Those that can be run again as they are. */
  readonly calls: readonly KnownCall[];
  /** Ids of those that need a person's word first. */
  readonly needVerdict: readonly string[];
  readonly more: boolean;
}

/** Where people look into the ledger and intervene. Everything is of one tenant. */
export interface CallAdministration {
  /** The call behind a submission; of a duplicate, the original. */
  find(tenantId: string, callId: string): Promise<AdministeredCall | undefined>;
  /** Like the ledger's, for calls that nobody has to own. False: the call has moved on; look again. */
  advance(move: Move): Promise<boolean>;
  waiting(tenantId: string, query: WaitingQuery): Promise<WaitingPage>;
  dead(tenantId: string, query: DeadQuery): Promise<DeadPage>;
  deadCall(tenantId: string, callId: string): Promise<DeadCallView | undefined>;
  /** Up to `limit` dead calls. */
  select(tenantId: string, selection: DeadSelection, limit: number): Promise<SelectedDead>;
  /** Those of the calls that were taken under this id before. */
  takenBefore(tenantId: string, redriveId: string, callIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Moves the calls and notes them under the id, in one transaction; returns those that moved. */
  redrive(tenantId: string, redriveId: string, moves: readonly Move[]): Promise<readonly string[]>;
  /** The call ids of a saga that succeeded, the last first. */
  saga(tenantId: string, sagaId: string): Promise<readonly string[]>;
}

export const CallAdministration = Symbol('CallAdministration');
