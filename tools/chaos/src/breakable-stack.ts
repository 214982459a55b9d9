import { createServer, type AddressInfo } from 'node:net';

import {
  InfrastructureMissingError,
  startKafka,
  startPostgres,
  startRedis,
  type KafkaHandle,
  type PostgresHandle,
  type RedisHandle,
} from '@action-mesh/devstack';
import { defined } from '@action-mesh/kernel';
import { OpenResources } from '@action-mesh/platform';
import { startFaultProxy, type FaultProxy, type ProviderSimulator } from '@action-mesh/testing';

import { startChaosProvider } from './chaos-call.js';

/** Infrastructure for one run, which faults break, and a provider that survives all of them. */
export interface BreakableStack extends AsyncDisposable {
  readonly kafka: KafkaHandle;
  readonly postgres: PostgresHandle;
  readonly provider: ProviderSimulator;
  /** Absent when the run does not use Redis. */
  readonly redis?: RedisHandle;
  /** The proxies between an executor with `proxied` addresses and its servers. */
  readonly proxies: { readonly kafka: FaultProxy; readonly postgres: FaultProxy };
  /** The environment of an executor that reaches Kafka and PostgreSQL through the proxies. */
  proxied(databaseUrl: string): Readonly<Record<string, string>>;
}

export interface BreakableStackOptions {
  readonly say: (line: string) => void;
  readonly withRedis: boolean;
}

/** Starts servers and proxies. After a failure, none of them stays. */
export async function startBreakableStack({
  say,
  withRedis,
}: BreakableStackOptions): Promise<BreakableStack> {
  const open = new OpenResources();
  try {
    const advertisedPort = await freePort();
    const [kafka, postgres, provider, redis] = await Promise.all([
      startKafka({ advertisedPort, report: say }).then((started) => open.use(started)),
      startPostgres().then((started) => open.use(started)),
      startChaosProvider().then((started) => open.use(started)),
      withRedis ? startRedisIfThere(say).then((started) => started && open.use(started)) : undefined,
    ]);
    const proxies = {
      kafka: open.use(await startFaultProxy({ target: `127.0.0.1:${kafka.port}`, port: advertisedPort })),
      postgres: open.use(await startFaultProxy({ target: `127.0.0.1:${postgres.port}` })),
    };
    say(`kafka, postgres${redis === undefined ? '' : ', redis'} and the provider run, for this run alone`);
    return {
      kafka,
      postgres,
      provider,
      ...defined({ redis }),
      proxies,
      proxied: (databaseUrl) => {
        const url = new URL(databaseUrl);
        url.host = proxies.postgres.address;
        return { KAFKA_BROKERS: proxies.kafka.address, DATABASE_URL: url.href };
      },
      [Symbol.asyncDispose]: () => open.close(),
    };
  } catch (error) {
    await open.close().catch(() => undefined);
    throw error;
  }
}

/**
 * Starts Redis if it is installed. The mesh also runs without Redis, on the limits of each instance, and the run
 * reports that.
 */
async function startRedisIfThere(say: (line: string) => void): Promise<RedisHandle | undefined> {
  try {
    return await startRedis();
  } catch (error) {
    if (!(error instanceof InfrastructureMissingError)) throw error;
    say(`no Redis, and so no faults of it: ${error.message}`);
    return undefined;
  }
}

/** A free port. The broker needs the address of its proxy before the proxy exists. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
