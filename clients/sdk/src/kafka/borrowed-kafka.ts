/** The part of a Kafka client that this package uses. A `Kafka` of kafkajs has it. */
export interface BorrowedKafka {
  producer(options: { readonly idempotent: boolean; readonly maxInFlightRequests: number }): BorrowedProducer;
  consumer(options: {
    readonly groupId: string;
    readonly sessionTimeout: number;
    readonly heartbeatInterval: number;
  }): BorrowedConsumer;
  admin(): KafkaAdmin;
}

interface KafkaConnection {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

/** Publishes records. */
export interface BorrowedProducer extends KafkaConnection {
  send(record: {
    readonly topic: string;
    readonly acks: number;
    readonly messages: {
      readonly key: string;
      readonly value: string;
      readonly headers: Record<string, string>;
    }[];
  }): Promise<unknown>;
}

/** Reads records as a member of a group. */
export interface BorrowedConsumer extends KafkaConnection {
  readonly events: { readonly GROUP_JOIN: string; readonly CRASH: string };
  on(event: string, listener: (event: { readonly payload: unknown }) => void): unknown;
  subscribe(options: { readonly topic: string; readonly fromBeginning: boolean }): Promise<void>;
  run(options: { readonly eachMessage: BorrowedHandler }): Promise<void>;
  seek(place: { readonly topic: string; readonly partition: number; readonly offset: string }): void;
}

/** Handles a record. The place of the group moves on when it resolves. */
export type BorrowedHandler = (payload: {
  readonly message: { readonly key: KafkaBytes | null; readonly value: KafkaBytes | null };
}) => Promise<void>;

interface KafkaBytes {
  toString(): string;
}

interface KafkaAdmin extends KafkaConnection {
  fetchTopicOffsets(topic: string): Promise<{ readonly partition: number; readonly high: string }[]>;
}
