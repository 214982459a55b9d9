/** A committed outcome that is to be in Kafka. */
export interface DueOutcome {
  readonly outboxId: string;
  readonly callId: string;
  readonly seq: number;
  /** `traceparent`, and after a space `tracestate` where there is one. */
  readonly trace: string;
  /** The record's value: the text of a JSON object. */
  readonly value: string;
}

export interface OutcomePublisher {
  /** Resolves when all in-sync replicas have all of them. */
  publish(due: readonly DueOutcome[]): Promise<void>;
}

export const OutcomePublisher = Symbol('OutcomePublisher');
