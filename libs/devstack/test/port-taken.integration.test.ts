import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { jest } from '@jest/globals';
import { readConfig } from '../src/config.js';
import { startNativeKafka, startNativeRun } from '../src/native/native-stack.js';
import { PostgresServer } from '../src/native/postgres-server.js';
import { findPrograms } from '../src/native/programs.js';
import { RedisServer } from '../src/native/redis-server.js';
import type { Run } from '../src/run/run.js';
import { OwnCheckout } from './own-checkout.js';

jest.setTimeout(60_000);

interface Server {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Occupies the port of a stopped server with a server that accepts connections and never answers. */
async function startOnTakenPort(server: Server): Promise<void> {
  await server.stop();
  const visitors: Socket[] = [];
  const squatter = createServer((visitor) => visitors.push(visitor.on('error', () => undefined)));
  await new Promise<void>((resolve) => squatter.listen(server.port, '127.0.0.1', resolve));
  try {
    await server.start();
  } finally {
    squatter.close();
    for (const visitor of visitors) visitor.destroy();
  }
}

// `onFreePorts` retries because of these errors. The words are the server's own.
describe('a port that another process took is reported as taken', () => {
  let own: OwnCheckout;
  let run: Run;
  beforeAll(async () => {
    own = new OwnCheckout();
    run = await startNativeRun(own.checkout, own.environment);
  });
  afterAll(async () => {
    await run.end();
    own[Symbol.dispose]();
  });

  it('by Kafka', async () => {
    const programs = await findPrograms(readConfig(own.environment).environment);
    const server = await startNativeKafka(own.checkout, run, programs, () => undefined);
    await expect(startOnTakenPort(server)).rejects.toThrow(/address already in use/i);
  });

  it('by PostgreSQL', async () => {
    await expect(startOnTakenPort(await PostgresServer.start(run))).rejects.toThrow(
      /address already in use/i,
    );
  });

  it('by Redis', async () => {
    const { redisServer = 'redis-server' } = await findPrograms(own.environment);
    const server = await RedisServer.start(run, redisServer);
    await expect(startOnTakenPort(server)).rejects.toThrow(/address already in use/i);
  });
});
