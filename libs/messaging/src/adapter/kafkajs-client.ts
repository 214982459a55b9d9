import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import type { KafkaClientOptions, SaslOptions } from '../client-options.js';
import type {
  AdminConnection,
  ConsumerConnection,
  ConsumerEvents,
  ConsumerOptions,
  KafkaClient,
  ProducerConnection,
} from './kafka-client.port.js';
import { KafkaJsAdmin } from './kafkajs-admin.js';
import { KafkaJsConsumer } from './kafkajs-consumer.js';
import { KafkaJsProducer } from './kafkajs-producer.js';
import type { KafkaJsInstance } from './kafkajs-instance.js';
import { ClientSockets } from './kafkajs-sockets.js';
import { switchPatches } from './patches/kafkajs-patches.js';

/** {@link KafkaClient} on kafkajs. Every connection has its own library instance, which ends with it. */
export class KafkaJsClient implements KafkaClient {
  readonly #options: KafkaClientOptions;

  constructor(options: KafkaClientOptions) {
    this.#options = options;
    switchPatches(options.patches ?? true);
  }

  async connectProducer(): Promise<ProducerConnection> {
    const producer = new KafkaJsProducer(this.#instance());
    await producer.connect();
    return producer;
  }

  createConsumer(options: ConsumerOptions, events: ConsumerEvents): ConsumerConnection {
    return new KafkaJsConsumer(this.#instance(), options, events);
  }

  async connectAdmin(signal?: AbortSignal): Promise<AdminConnection> {
    const instance = this.#instance();
    const admin = new KafkaJsAdmin(instance);
    const cut = (): void => instance.sockets.destroy();
    signal?.addEventListener('abort', cut);
    try {
      await admin.connect();
    } finally {
      signal?.removeEventListener('abort', cut);
    }
    return admin;
  }

  #instance(): KafkaJsInstance {
    const sockets = new ClientSockets();
    const {
      brokers,
      clientId,
      ssl,
      sasl,
      connectionTimeoutMs = 5_000,
      requestTimeoutMs = 10_000,
    } = this.#options;
    const kafka = new Kafka({
      brokers: [...brokers],
      clientId,
      ...(ssl === undefined || ssl === false ? {} : { ssl: ssl === true ? {} : ssl }),
      ...(sasl === undefined ? {} : { sasl: saslConfig(sasl) }),
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      socketFactory: sockets.factory,
      // The library reports errors and events to the caller. Its log lines would only repeat them.
      logLevel: logLevel.NOTHING,
      // Short and few: the supervisors retry, and a pending retry timer of the library outlives a close.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, factor: 0.2, multiplier: 2, retries: 2 },
    });
    return { kafka, sockets, requestTimeoutMs };
  }
}

function saslConfig(sasl: SaslOptions): NonNullable<KafkaConfig['sasl']> {
  switch (sasl.mechanism) {
    case 'plain':
      return { mechanism: 'plain', username: sasl.username, password: sasl.password };
    case 'scram-sha-256':
      return { mechanism: 'scram-sha-256', username: sasl.username, password: sasl.password };
    case 'scram-sha-512':
      return { mechanism: 'scram-sha-512', username: sasl.username, password: sasl.password };
    case 'oauthbearer':
      return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await sasl.token() }) };
  }
}
