import type { OutcomeStatus } from '@action-mesh/contracts/executor';

import type { ChaosClass } from '../chaos-call.js';

/** A call as its caller knows it. */
export interface Submitted {
  readonly callId: string;
  readonly ref: string;
  readonly effect: ChaosClass;
  /** `maybe`: the send failed, and nobody can say whether Kafka has it. */
  readonly accepted: 'yes' | 'maybe';
  /** The provider says that it wants to be left alone for so long, once. */
  readonly retryAfterMs?: number;
}

/** A call as the ledger has it. */
export interface LedgerCall {
  readonly callId: string;
  readonly state: string;
  readonly attempt: number;
  readonly fence: number;
  readonly seq: number;
  /** Whether the digest of a request is on record. */
  readonly hasIntent: boolean;
  /** The newest outcome, without the fields that differ between submissions. */
  readonly outcome: string | null;
}

export interface LedgerSubmission {
  readonly callId: string;
  /** The call of which it is a duplicate. */
  readonly originalId: string | null;
}

export interface PublishedOutcome {
  readonly callId: string;
  readonly seq: number;
  readonly status: OutcomeStatus;
  readonly text: string;
}

/** A record of the dead letter topic; without a call it is one that could not be read or handled. */
export interface DeadLetter {
  readonly callId?: string;
  readonly what: string;
}

export interface SeenRequest {
  readonly ref: string;
  /** Monotonic, of the provider. */
  readonly atMs: number;
  readonly isEffect: boolean;
}

/** What was looked at again and again while the faults were at work. */
export interface Watched {
  readonly fenceSamples: number;
  /** Calls whose fence was seen to shrink. */
  readonly fenceDrops: readonly string[];
  readonly offsetSamples: number;
  /** Records below a committed offset whose call the ledger did not know. */
  readonly uncovered: readonly string[];
  /** The most that one executor took. */
  readonly rssMb: number;
  readonly openFiles: number;
  readonly resourceSamples: number;
}

/** What is left in the ledger when everything has come to rest. */
export interface LedgerLeftovers {
  readonly outboxRows: number;
  readonly waitingRows: number;
  readonly deadCallIds: readonly string[];
}

/** Requests to one provider under a limit. */
export interface RateEvidence {
  readonly limit: number;
  readonly burst: number;
  readonly windowMs: number;
  /** When the run began, on the clock of the requests. */
  readonly startedAtMs: number;
  readonly requestsAtMs: readonly number[];
}

/** How long calls of a quiet tenant took, without and with a neighbour that floods. */
export interface FairnessEvidence {
  readonly calmMs: readonly number[];
  readonly floodedMs: readonly number[];
}

/** Everything that a run leaves to be judged. Plain data: a test can make it up, and break it. */
export interface ChaosEvidence {
  readonly submitted: readonly Submitted[];
  readonly calls: readonly LedgerCall[];
  readonly submissions: readonly LedgerSubmission[];
  readonly outcomes: readonly PublishedOutcome[];
  readonly deadLetters: readonly DeadLetter[];
  readonly requests: readonly SeenRequest[];
  readonly watched: Watched;
  readonly leftovers: LedgerLeftovers;
  readonly rate?: RateEvidence;
  readonly fairness?: FairnessEvidence;
}
