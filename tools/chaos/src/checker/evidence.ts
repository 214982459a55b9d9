import type { OutcomeStatus } from '@action-mesh/contracts/executor';

import type { ChaosClass } from '../chaos-call.js';

/** A call as its caller knows it. */
export interface Submitted {
  readonly callId: string;
  readonly ref: string;
  readonly effect: ChaosClass;
  /** `maybe`: the send failed, so it is unknown whether Kafka has the call. */
  readonly accepted: 'yes' | 'maybe';
  /** The pause in milliseconds that the provider asks for, once. */
  readonly retryAfterMs?: number;
}

/** A call in the ledger. */
export interface LedgerCall {
  readonly callId: string;
  readonly state: string;
  readonly attempt: number;
  readonly fence: number;
  readonly seq: number;
  /** Whether the ledger has the digest of a request. */
  readonly hasIntent: boolean;
  /** The newest outcome, without the fields that differ between submissions. */
  readonly outcome: string | null;
}

export interface LedgerSubmission {
  readonly callId: string;
  /** The original of a duplicate. */
  readonly originalId: string | null;
}

export interface PublishedOutcome {
  readonly callId: string;
  readonly seq: number;
  readonly status: OutcomeStatus;
  readonly text: string;
}

/** A record of the dead letter topic. Without a call, it is a record that could not be read or handled. */
export interface DeadLetter {
  readonly callId?: string;
  readonly what: string;
}

export interface SeenRequest {
  readonly ref: string;
  /** Monotonic time of the provider. */
  readonly atMs: number;
  readonly isEffect: boolean;
}

/** Observations that were repeated while the faults were active. */
export interface Watched {
  readonly fenceSamples: number;
  /** Calls with a fence that was seen to shrink. */
  readonly fenceDrops: readonly string[];
  readonly offsetSamples: number;
  /** Records below a committed offset with a call that the ledger did not know. */
  readonly uncovered: readonly string[];
  /** The most memory of one executor. */
  readonly rssMb: number;
  readonly openFiles: number;
  readonly resourceSamples: number;
}

/** The rows left in the ledger after everything came to rest. */
export interface LedgerLeftovers {
  readonly outboxRows: number;
  readonly waitingRows: number;
  readonly deadCallIds: readonly string[];
}

/** Requests to one provider with a limit. */
export interface RateEvidence {
  readonly limit: number;
  readonly burst: number;
  readonly windowMs: number;
  /** The start of the run, on the clock of the requests. */
  readonly startedAtMs: number;
  readonly requestsAtMs: readonly number[];
}

/** Durations of a quiet tenant's calls, without and with a flooding neighbour. */
export interface FairnessEvidence {
  readonly calmMs: readonly number[];
  readonly floodedMs: readonly number[];
}

/** The whole evidence of a run. It is plain data, so a test can write it and break it. */
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
