import type { CallView, Tried, WaitReason, DeadAnswer } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';

import type { Call } from '../domain/call.js';
import type { Failure } from '../domain/attempt-evidence.js';

/** One instance of this process in the ledger. It holds the right to start requests. */
export interface ExecutorInstance {
  readonly id: string;
  /** Aborted when that right is lost. */
  readonly signal: AbortSignal;
  /** Whether a request may still start. */
  isLive(): boolean;
}

/** A call as it is first recorded, together with the state that it starts in. */
export interface NewCall {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
  /** The record that it came with: `topic/partition/offset`. */
  readonly origin?: string;
  /** `refused`: the submission becomes no call and `outcome` says why. */
  readonly start: Call | 'refused';
  readonly intent?: Intent;
  /** The shared part of the outcome, where the call has one already. */
  readonly outcome?: string;
  /** The call begins by waiting, without an owner. */
  readonly park?: Park;
  readonly validityMs: number;
  /** An earlier call that rests without having ended, dead for example, does not answer it. @default false */
  readonly freshOnly?: boolean;
  /** When the broker took the record. For a duplicate, it tells whether the call had ended before. @default now */
  readonly arrivedAtMs?: number;
}

/** The request that is about to be sent. */
export interface Intent {
  /** SHA-256 of the exact request. */
  readonly digest: Buffer;
  readonly providerKey: string;
}

/** How a call waits that no instance answers for. */
export interface Park {
  readonly delayMs: number;
  /** `tenant_backlog`, where it is how a call begins: it waits for its tenant's turn and not for a time. */
  readonly reason: WaitReason;
  readonly scope?: string;
  /** The topic of the ladder with the record that wakes the call. @default none: the scheduler wakes it */
  readonly rung?: string;
}

/** The verdict on a submission. */
export type Recorded =
  | { readonly verdict: 'fresh'; readonly owned: OwnedCall }
  /** The idempotency key belongs to other content of the same user: to this call, where the ledger still has it. */
  | { readonly verdict: 'key_conflict'; readonly keyHolder?: string }
  | { readonly verdict: 'following' | 'replayed' | 'redelivered' | 'refused' | 'id_conflict' };

/** A call of the ledger, with the facts that a decision about it needs. */
export interface KnownCall {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
  readonly state: Call;
  /** The attempts that did not end the call: the newest ones, oldest first. */
  readonly tried: readonly Tried[];
  readonly origin?: string;
  readonly receivedAtMs: number;
}

/** A call that this instance answers for. */
export interface OwnedCall extends KnownCall {
  readonly providerKey: string;
  /** When it was taken out of the dead letter queue, the last time. */
  readonly renewedAtMs?: number;
  /**
   * Milliseconds from its record, or from the last redrive, until this instance took it, by the clock of the ledger.
   */
  readonly ageMs: number;
  /** Milliseconds from its first request to `receivedAtMs`; negative where the request came after it. */
  readonly firstDispatchAgeMs: number;
  readonly instance: ExecutorInstance;
  /** The batch of calls that it was claimed with. */
  readonly claimId: string;
}

/** A transition to write. It happens only if the ledger still has the call as `from`. */
export interface Move {
  readonly known: Pick<KnownCall, 'call'>;
  readonly from: Call;
  readonly to: Call;
  readonly intent?: Intent;
  /** The shared part of the outcome to publish. */
  readonly outcome?: string;
  /** The attempts, where they changed. */
  readonly tried?: readonly Tried[];
  /** The call waits from here on, without an owner. */
  readonly park?: Park;
  /** It needs a person: the dead letter, and why. */
  readonly death?: { readonly letter: string; readonly failure: Failure; readonly answer?: DeadAnswer };
  /** The validity window of the answer from now on. @default the window of its record */
  readonly validityMs?: number;
  /** It rests on a definite answer to `from.attempt`, so it may settle a call that is no longer ours. */
  readonly evidence: boolean;
}

/** The durable record of every call: the sole authority on its history. */
export interface Ledger {
  /** Durable when it resolves. Throws `LedgerUnavailableError` when nothing was written. */
  record(entry: NewCall): Promise<Recorded>;
  /** False: another instance owns the call; stop and publish nothing. Throws `LedgerUnavailableError`. */
  advance(move: Move): Promise<boolean>;
  /** Ends this instance's work on the call, with any result. */
  release(owned: OwnedCall): void;
  /** Declares dead instances dead and takes over their calls. */
  takeOver(): Promise<readonly OwnedCall[]>;
  find(tenantId: string, callId: string): Promise<CallView | undefined>;
}

export const Ledger = Symbol('Ledger');
