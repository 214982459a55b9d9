import type { KafkaClientOptions } from './client-options.js';
import type { IncomingRecord } from './wire.js';

export interface TopicFollowerOptions {
  readonly client: KafkaClientOptions;
  readonly topic: string;
  /** Called synchronously for each record, in the order of its partition. What it throws is reported, not retried. */
  readonly onRecord: (record: IncomingRecord) => void;
  readonly onError?: (error: unknown) => void;
}

export class TopicFollower {
  constructor(readonly options: TopicFollowerOptions) {}
  /** Resolves when every partition is assigned and its start position is fixed. */
  async start(): Promise<void> {}
  async close(): Promise<void> {}
}
