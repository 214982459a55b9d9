/** A committed record that is to be in Kafka. */
export interface OutboxRecord {
  readonly outboxId: string;
  /** `outcome`, `dead`, or the topic of a rung of the ladder. */
  readonly kind: string;
  /** The record's key. */
  readonly key: string;
  readonly callId: string;
  /** Together with the call and the kind it names the record: the outcome's `seq`, or the attempt that a rung wakes. */
  readonly seq: number;
  /** `traceparent`, and after a space `tracestate` where there is one. */
  readonly trace: string;
  /** The record's value: the text of a JSON object. */
  readonly value: string;
}

export interface OutboxPublisher {
  /** Resolves when all in-sync replicas have all of them. */
  publish(due: readonly OutboxRecord[]): Promise<void>;
}

export const OutboxPublisher = Symbol('OutboxPublisher');
