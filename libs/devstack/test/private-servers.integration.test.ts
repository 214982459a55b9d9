import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { startKafka, startPostgres, startRedis } from '../src/index.js';
import { probeKafka, probeRedis } from '../src/probes.js';

jest.setTimeout(60_000);

const client = (brokers: readonly string[]) =>
  new Kafka({
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    requestTimeout: 500,
  });

describe('a broker of one’s own', () => {
  it('keeps its port and its records over a crash, and pauses and resumes', async () => {
    await using kafka = await startKafka();
    const admin = client(kafka.brokers).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }] });
    await admin.disconnect();
    const { pid, port } = kafka;

    await kafka.stop({ signal: 'SIGKILL' });
    await expect(probeKafka(kafka.brokers)).rejects.toThrow();
    await kafka.restart();

    expect(kafka.pid).not.toBe(pid);
    expect(kafka.port).toBe(port);
    const again = client(kafka.brokers).admin();
    await again.connect();
    expect(await again.listTopics()).toContain('kept');
    await kafka.pause();
    await expect(again.listTopics()).rejects.toThrow(/timed out/i);
    await kafka.resume();
    await again.disconnect();
    await expect(probeKafka(kafka.brokers)).resolves.toBeUndefined();
  });

  it('lets a member join a group at once', async () => {
    await using kafka = await startKafka();
    const admin = client(kafka.brokers).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'ready', numPartitions: 1 }] });
    await admin.disconnect();
    const consumer = client(kafka.brokers).consumer({ groupId: 'first', maxWaitTimeInMs: 100 });
    const joined = new Promise<number>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.duration));
    });
    await consumer.connect();
    await consumer.subscribe({ topic: 'ready' });
    await consumer.run({ eachBatch: () => Promise.resolve() });
    expect(await joined).toBeLessThan(1_500);
    await consumer.disconnect();
  });

  it('is reached through a proxy at the advertised port, and past it directly', async () => {
    let upstream = 0;
    let proxied = 0;
    const proxy = createServer((socket) => {
      proxied++;
      const target = connect(upstream, '127.0.0.1');
      socket.pipe(target).pipe(socket);
      for (const end of [socket, target]) end.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const advertisedPort = (proxy.address() as AddressInfo).port;
    try {
      await using kafka = await startKafka({ advertisedPort });
      upstream = kafka.port;
      expect(kafka.brokers).toEqual([`127.0.0.1:${advertisedPort}`]);
      const before = proxied;
      await probeKafka(kafka.directBrokers);
      expect(proxied).toBe(before);
      await probeKafka(kafka.brokers);
      expect(proxied).toBeGreaterThan(before);
    } finally {
      proxy.close();
    }
  });
});

describe('a PostgreSQL server of one’s own', () => {
  it('recovers committed rows after an immediate stop', async () => {
    await using postgres = await startPostgres();
    const query = async (text: string) => {
      const connection = new pg.Client({ connectionString: postgres.databaseUrl });
      await connection.connect();
      try {
        return await connection.query<{ n: number }>(text);
      } finally {
        await connection.end();
      }
    };
    await query('CREATE TABLE kept AS SELECT 7 AS n');
    await postgres.stop();
    await expect(query('SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    await postgres.restart();
    expect((await query('SELECT n FROM kept')).rows).toEqual([{ n: 7 }]);
  });

  it("keeps PostgreSQL's default durability", async () => {
    await using postgres = await startPostgres();
    const connection = new pg.Client({ connectionString: postgres.databaseUrl });
    await connection.connect();
    const { rows } = await connection.query(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('max_connections') AS connections, current_setting('shared_buffers') AS buffers`,
    );
    await connection.end();
    expect(rows).toEqual([{ fsync: 'on', commit: 'on', connections: '200', buffers: '256MB' }]);
  });
});

describe('a Redis server of one’s own', () => {
  it('stops and comes back on its port', async () => {
    await using redis = await startRedis();
    await redis.stop();
    await expect(probeRedis(redis.redisUrl)).rejects.toThrow();
    await redis.restart();
    await expect(probeRedis(redis.redisUrl)).resolves.toBeUndefined();
  });
});
