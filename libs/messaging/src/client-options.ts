import type { ConnectionOptions } from 'node:tls';

/** How to reach a Kafka cluster. TLS and SASL are passed to the client as they are. */
export interface KafkaClientOptions {
  /** `host:port` of one or more brokers, to begin with. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /**
   * Put before the name of every topic and group, so that several meshes can share a cluster.
   * @default none
   */
  readonly topicPrefix?: string;
  /** `true` for TLS with the system's authorities, or the options of the TLS connection. */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: SaslOptions;
  /**
   * `false` runs on the client library as it comes: dearer in CPU, equal in all else. The library is one for all
   * clients of a process, so all of them need the same value.
   * @default true
   */
  readonly patches?: boolean;
  /** Milliseconds until an attempt to connect is given up. @default 5000 */
  readonly connectionTimeoutMs?: number;
  /** Milliseconds until a request that the broker does not answer is given up. @default 10000 */
  readonly requestTimeoutMs?: number;
}

export type SaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };
