import type {
  CallView,
  OutcomeOfCall,
  PolicyVerdict,
  Tried,
  WaitReason,
  DeadAnswer,
} from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';

import type { Call } from '../domain/call.js';
import type { Failure } from '../domain/attempt-evidence.js';
import type { Ending } from '../domain/outcome.js';

/** One instance of this process in the ledger. It holds the right to start requests. */
export interface ExecutorInstance {
  readonly id: string;
  /** Aborted when that right is lost. */
  readonly signal: AbortSignal;
  /** Whether a request may still start. */
  isLive(): boolean;
}

/** A call at its first recording, with the state that it starts in. */
export interface NewCall {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
  /** The Kafka record of the call: `topic/partition/offset`. */
  readonly origin?: string;
  /** `refused`: the submission becomes no call, and `outcome` gives the reason. */
  readonly start: Call | 'refused';
  readonly intent?: Intent;
  /** The shared part of the outcome, if the call has one already. */
  readonly outcome?: string;
  /** The content of `outcome`, for observers. The ledger writes only `outcome`. */
  readonly ending?: Ending;
  /** The call begins by waiting, without an owner. */
  readonly park?: Park;
  readonly validityMs: number;
  /** An earlier call that rests without an end, for example a dead one, does not answer it. @default false */
  readonly freshOnly?: boolean;
  /** The decision of the policies. */
  readonly policy?: PolicyVerdict;
  /**
   * The time at which the broker took the record. For a duplicate, it shows whether the call had ended before. @default
   * now
   */
  readonly arrivedAtMs?: number;
}

/** The request that is about to be sent. */
export interface Intent {
  /** SHA-256 of the exact request. */
  readonly digest: Buffer;
  readonly providerKey: string;
  /** The connection that gives its credential. Absent: none. */
  readonly connectionId?: string;
}

/** The step of the user that a call without a connection waits for. */
export interface AuthDetail {
  /** Where the user connects the account, or repairs the connection. */
  readonly connectUrl?: string;
  /** The scopes that the connection lacks. */
  readonly missingScopes?: readonly string[];
}

/** The approval that a call waits for. */
export interface AskedApproval {
  /** The question in the form of outcomes. */
  readonly shown: NonNullable<NonNullable<OutcomeOfCall['waiting']>['approval']>;
  /** The content of a new row, as JSON. Absent: the ledger has the row already. */
  readonly about?: string;
}

/** The wait of a call without an owner. */
export interface Park {
  /** Infinity: the call waits until its kill switch is lifted. */
  readonly delayMs: number;
  /** The reason. A call that begins with `tenant_backlog` waits for its tenant's turn and not for a time. */
  readonly reason: WaitReason;
  readonly scope?: string;
  /** Only with `awaiting_auth`. */
  readonly detail?: AuthDetail;
  /** Only with `awaiting_approval`. */
  readonly approval?: AskedApproval;
  /** The topic of the ladder with the record that wakes the call. @default none: the scheduler wakes it */
  readonly rung?: string;
}

/** The verdict on a submission. */
export type Recorded =
  | { readonly verdict: 'fresh'; readonly owned: OwnedCall }
  /** Other content of the same user has the idempotency key. `keyHolder` is its call, if the ledger still has it. */
  | { readonly verdict: 'key_conflict'; readonly keyHolder?: string }
  | { readonly verdict: 'following' | 'replayed' | 'redelivered' | 'refused' | 'id_conflict' };

/** A call of the ledger, with the facts for a decision about it. */
export interface KnownCall {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
  readonly state: Call;
  /** The attempts that did not end the call: the newest ones, oldest first. */
  readonly tried: readonly Tried[];
  readonly origin?: string;
  readonly receivedAtMs: number;
  /** The connection of an earlier intent. Every later request of the call uses the same one (I2). */
  readonly connectionId?: string;
  /** The decision of the policies. Absent: its tenant had none. */
  readonly policy?: PolicyVerdict;
}

/** A call that this instance owns. */
export interface OwnedCall extends KnownCall {
  readonly providerKey: string;
  /** The time of the last redrive. */
  readonly renewedAtMs?: number;
  /**
   * Milliseconds from its record, or from the last redrive, until this instance took it, by the clock of the ledger.
   */
  readonly ageMs: number;
  /** The wait in its newest outcome, if it waited for a connection. */
  readonly told?: OutcomeOfCall['waiting'];
  /** Milliseconds from its first request to `receivedAtMs`. Negative when the request came later. */
  readonly firstDispatchAgeMs: number;
  readonly instance: ExecutorInstance;
  /** The batch of calls in which it was claimed. */
  readonly claimId: string;
}

/** A transition to write. It happens only if the ledger still has the call as `from`. */
export interface Move {
  /** The call, with its claim if this instance owns it. */
  readonly known: Pick<KnownCall, 'call'> &
    Partial<Pick<OwnedCall, 'claimId' | 'instance' | 'trace' | 'receivedAtMs' | 'renewedAtMs'>>;
  readonly from: Call;
  readonly to: Call;
  readonly intent?: Intent;
  /** The shared part of the outcome to publish. */
  readonly outcome?: string;
  /** The content of `outcome`, for observers. The ledger writes only `outcome`. */
  readonly ending?: Ending;
  /** The attempts, if they changed. */
  readonly tried?: readonly Tried[];
  /** From now on the call waits without an owner. */
  readonly park?: Park;
  /** The call needs a person: its dead letter, and the reason. */
  readonly death?: { readonly letter: string; readonly failure: Failure; readonly answer?: DeadAnswer };
  /** The validity window of the answer from now on. @default the window of its record */
  readonly validityMs?: number;
  /** The decision of the policies, if the call has one. */
  readonly policy?: PolicyVerdict;
  /** The move rests on a definite answer to `from.attempt`, so it may settle a call that is no longer ours. */
  readonly evidence: boolean;
}

/** The durable record of every call: the sole authority on its history. */
export interface Ledger {
  /** Records a call. It is durable on resolve. Throws `LedgerUnavailableError` when nothing was written. */
  record(entry: NewCall): Promise<Recorded>;
  /**
   * Writes a move. False: another instance owns the call, so stop and publish nothing. Throws `LedgerUnavailableError`.
   */
  advance(move: Move): Promise<boolean>;
  /** Ends this instance's work on the call, with any result. */
  release(owned: OwnedCall): void;
  /** Ends dead instances and takes over their calls. */
  takeOver(): Promise<readonly OwnedCall[]>;
  find(tenantId: string, callId: string): Promise<CallView | undefined>;
}

export const Ledger = Symbol('Ledger');
