import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { KafkaClientOptions } from './client-options.js';
import { KAFKA_TRANSPORT } from './event-handler.js';
import type { RecordProducer } from './producer.js';

export interface LaneLimits {
  /** Records of one topic that may be held in memory. @default 5000 */
  readonly maxHeldRecords?: number;
  /** Bytes of one topic that may be held in memory. @default 32 MiB */
  readonly maxHeldBytes?: number;
  /** Runs of one record after `retry` before it is dead-lettered. @default 20 */
  readonly maxRetries?: number;
  /** A `retry` that asks for a later time than this from now is dead-lettered, milliseconds. @default 300000 */
  readonly maxRetryDelayMs?: number;
}

export interface KafkaServerOptions {
  readonly client: KafkaClientOptions;
  /** Each topic is consumed by the group `<groupId>.<topic>`. */
  readonly groupId: string;
  readonly deadLetters: { readonly topic: string; readonly producer: RecordProducer };
  /** Where a group without committed offsets begins. @default true */
  readonly fromBeginning?: boolean;
  /** Adds a random suffix to the group: every process reads everything. @default false */
  readonly ephemeralGroup?: boolean;
  readonly limits?: LaneLimits;
  /** Milliseconds until a handler that does not return is given up and its record dead-lettered. @default 60000 */
  readonly handlerTimeoutMs?: number;
  /** Milliseconds that `close` waits for running handlers. @default 10000 */
  readonly drainTimeoutMs?: number;
  readonly onStatus?: (status: LaneStatus) => void;
}

export type LaneCondition = 'starting' | 'joined' | 'recovering' | 'draining' | 'stopped';

export interface LaneStatus {
  readonly topic: string;
  readonly groupId: string;
  readonly condition: LaneCondition;
  readonly partitions: readonly number[];
  /** Records behind the end of the assigned partitions, as of the last fetch. */
  readonly lag: number;
  /** Records held in memory. */
  readonly held: number;
  /** Why the client was rebuilt, the last time. */
  readonly lastError?: string;
}

export interface KafkaServerState {
  /** False when a lane has not been joined for so long that restarting the process is the better cure. */
  readonly live: boolean;
  /** Every lane is joined. */
  readonly ready: boolean;
  readonly lag: number;
  readonly lanes: readonly LaneStatus[];
}

export class KafkaServer extends Server implements CustomTransportStrategy {
  override transportId = KAFKA_TRANSPORT;
  override readonly propagatesEventHandlerErrors = true;
  constructor(readonly options: KafkaServerOptions) {
    super();
  }
  get state(): KafkaServerState {
    return { live: true, ready: false, lag: 0, lanes: [] };
  }
  listen(callback: (error?: unknown) => void): void {
    callback();
  }
  async close(): Promise<void> {}
  on(): never {
    throw new Error('not supported');
  }
  unwrap<T>(): T {
    return this as unknown as T;
  }
}
