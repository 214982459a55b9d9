import type { OwnedCall } from './ledger.port.js';

/** The claim of a call, by the batch and the instance. */
export type ClaimOfCall = Pick<OwnedCall, 'claimId' | 'instance'>;

/** A committed record for Kafka. */
export interface OutboxRecord {
  readonly outboxId: string;
  readonly tenantId: string;
  /** `outcome`, `dead`, or the topic of a rung of the ladder. */
  readonly kind: string;
  /** The record's key. */
  readonly key: string;
  readonly callId: string;
  /**
   * Identifies the record together with the call and the kind: the outcome's `seq`, or the attempt that a rung wakes.
   */
  readonly seq: number;
  /** `traceparent`, then a space and `tracestate` if there is one. */
  readonly trace: string;
  /** The record's value: the text of a JSON object. */
  readonly value: string;
  /** The record has no outbox row. This claim vouches for it. @default an outbox row vouches for it */
  readonly claim?: ClaimOfCall;
}

export interface OutboxPublisher {
  /** Resolves when all in-sync replicas have all of them. */
  publish(due: readonly OutboxRecord[]): Promise<void>;
}

export const OutboxPublisher = Symbol('OutboxPublisher');
