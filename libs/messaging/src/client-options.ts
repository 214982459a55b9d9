import type { ConnectionOptions } from 'node:tls';

import type { Spans } from '@action-mesh/telemetry/port';

import type { RecordHandover } from './handover/record-handover.js';

/** The options to reach a Kafka cluster. TLS and SASL go to the client unchanged. */
export interface KafkaClientOptions {
  /** `host:port` of one or more brokers for the first connection. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /**
   * A prefix for the names of all topics and groups. Several meshes can share a cluster with it.
   * @default none
   */
  readonly topicPrefix?: string;
  /** `true` for TLS with the system's authorities, or the options of the TLS connection. */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: SaslOptions;
  /**
   * `false` runs the client library without patches: it costs more CPU and behaves the same. All clients of a process
   * share the library and need the same value.
   * @default true
   */
  readonly patches?: boolean;
  /**
   * Producers and consumers with the same handover run in one process. Records reach these consumers in memory too, ahead
   * of Kafka.
   * @default none
   */
  readonly handover?: RecordHandover;
  /** Takes the spans of sent and handled records. @default none are recorded */
  readonly spans?: Spans;
  /** Milliseconds until a connection attempt is given up. @default 5000 */
  readonly connectionTimeoutMs?: number;
  /** Milliseconds until a request without an answer is given up. @default 10000 */
  readonly requestTimeoutMs?: number;
}

export type SaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };
