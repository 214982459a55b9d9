import { once } from 'node:events';
import { connect } from 'node:net';

import { Kafka, logLevel } from 'kafkajs';
import { Redis } from 'ioredis';
import pg from 'pg';

/**
 * Resolves when the brokers answer. With a cluster id, it must be that cluster, and its group coordinator must have
 * loaded. The coordinator loads up to three seconds after the port opens.
 */
export async function probeKafka(brokers: readonly string[], clusterId?: string): Promise<void> {
  const kafka = new Kafka({
    clientId: 'devstack-probe',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (clusterId === undefined) return;
    if (cluster.clusterId !== clusterId) throw new Error('another cluster answers on this port');
    await admin.fetchOffsets({ groupId: 'devstack-probe' });
  } finally {
    await admin.disconnect();
  }
}

/**
 * Resolves when a broker answers on this port, with any advertised address. A broker opens its listeners one by one:
 * one may answer while another is about to fail because its port is taken.
 */
export async function probeKafkaListener(port: number): Promise<void> {
  // ApiVersions, version 0 (Kafka protocol): length 10, key 18, version 0, correlation id 1, no client id.
  const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(2_000, () =>
    socket.destroy(new Error('the server on this port does not speak the Kafka protocol')),
  );
  try {
    await once(socket, 'connect');
    socket.write(request);
    const closed = once(socket, 'close').then(() => {
      throw new Error('the connection was closed without an answer');
    });
    closed.catch(() => undefined);
    await Promise.race([once(socket, 'data'), closed]);
  } finally {
    socket.destroy();
  }
}

export async function probePostgres(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function probeRedis(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: 5_000,
    disconnectTimeout: 100,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  // Redis's own timeouts do not cover a server that accepts the connection and never answers.
  const silence = setTimeout(() => redis.disconnect(), 5_000);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    clearTimeout(silence);
    redis.disconnect();
  }
}
