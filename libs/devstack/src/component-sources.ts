import type { Checkout } from './checkout.js';
import { hostAndPort } from './component.js';
import type { Addresses, ComponentName, Source } from './component.js';
import type { DevstackConfig } from './config.js';
import {
  images,
  startKafkaContainer,
  startPostgresContainer,
  startRedisContainer,
} from './containers/containers.js';
import { GivenComponentUnreachableError } from './devstack.errors.js';
import type { KeptServers } from './native/kept-servers.js';
import { startNativeKafka } from './native/native-stack.js';
import { findPostgresPackage } from './native/postgres-binaries.js';
import { PostgresServer } from './native/postgres-server.js';
import type { Programs } from './native/programs.js';
import { RedisServer } from './native/redis-server.js';
import { probeKafka, probePostgres, probeRedis } from './probes.js';
import type { RecordedStack } from './recorded-stack.js';
import type { Run } from './run/run.js';
import { defined, errorMessage } from '@action-mesh/kernel';

/** The parameters of the sources. Each source uses its own part. */
export interface SourceContext {
  readonly config: DevstackConfig;
  readonly checkout: Checkout;
  readonly stack: RecordedStack | undefined;
  readonly programs: Programs;
  /** The run for native servers. The first call starts it. */
  readonly run: () => Promise<Run>;
  readonly report: (line: string) => void;
  /** Present when servers keep their data. */
  readonly kept?: KeptServers;
}

/** A component that answers. */
export interface Provided {
  readonly what: string;
  readonly address: string;
  readonly addresses: Addresses;
  /** Absent when another owner stops the component, or when it ends with the run. */
  readonly stop?: () => Promise<void>;
}

type Provider = (context: SourceContext) => Promise<Provided>;

const nothing: Provider = () => Promise.resolve({ what: '', address: '', addresses: {} });

/** Provides each component from each source. */
export const componentProviders: Readonly<Record<ComponentName, Readonly<Record<Source, Provider>>>> = {
  kafka: {
    environment: async ({ config }) => {
      const kafkaBrokers = config.given.kafkaBrokers ?? [];
      await answers('KAFKA_BROKERS', () => probeKafka(kafkaBrokers));
      return kafkaAt('Kafka', kafkaBrokers);
    },
    'running stack': (context) => Promise.resolve(fromStack(context, 'kafka')),
    container: async ({ kept }) => {
      const { address, stop } = await startKafkaContainer(kept);
      return { ...kafkaAt(images.kafka, address), stop };
    },
    native: async ({ checkout, run, programs, report, kept }) => {
      const options = defined({ kept });
      const server = await startNativeKafka(checkout, await run(), programs, report, options);
      return kafkaAt(`Apache Kafka ${server.version}`, server.brokers);
    },
    none: nothing,
  },
  postgres: {
    environment: async ({ config }) => {
      const databaseUrl = config.given.databaseUrl ?? '';
      await answers('DATABASE_URL', () => probePostgres(databaseUrl));
      return postgresAt('PostgreSQL', databaseUrl);
    },
    'running stack': (context) => Promise.resolve(fromStack(context, 'postgres')),
    container: async ({ kept }) => {
      const { address, stop } = await startPostgresContainer(kept);
      return { ...postgresAt(images.postgres, address), stop };
    },
    native: async ({ run, kept }) => {
      const server = await PostgresServer.start(await run(), kept);
      return postgresAt(`PostgreSQL ${findPostgresPackage()?.version ?? ''}`.trim(), server.databaseUrl);
    },
    none: nothing,
  },
  redis: {
    environment: async ({ config }) => {
      const redisUrl = config.given.redisUrl ?? '';
      await answers('REDIS_URL', () => probeRedis(redisUrl));
      return redisAt('Redis', redisUrl);
    },
    'running stack': (context) => Promise.resolve(fromStack(context, 'redis')),
    container: async () => {
      const { address, stop } = await startRedisContainer();
      return { ...redisAt(images.redis, address), stop };
    },
    native: async ({ run, programs }) => {
      const server = await RedisServer.start(await run(), programs.redisServer ?? 'redis-server');
      return redisAt('Redis', server.redisUrl);
    },
    none: nothing,
  },
};

function fromStack({ stack }: SourceContext, name: ComponentName): Provided {
  const recorded = stack?.components.find((component) => component.name === name);
  if (stack === undefined || recorded === undefined) throw new Error(`the running stack has no ${name}`);
  const { kafkaBrokers, databaseUrl, redisUrl } = stack.addresses;
  const addresses = {
    kafka: { ...(kafkaBrokers && { kafkaBrokers }) },
    postgres: { ...(databaseUrl && { databaseUrl }) },
    redis: { ...(redisUrl && { redisUrl }) },
  }[name];
  return { what: recorded.what, address: recorded.address, addresses };
}

function kafkaAt(what: string, kafkaBrokers: readonly string[]): Provided {
  return { what, address: kafkaBrokers.join(','), addresses: { kafkaBrokers } };
}

function postgresAt(what: string, databaseUrl: string): Provided {
  return { what, address: hostAndPort(databaseUrl, 5432), addresses: { databaseUrl } };
}

function redisAt(what: string, redisUrl: string): Provided {
  return { what, address: hostAndPort(redisUrl, 6379), addresses: { redisUrl } };
}

async function answers(variable: string, probe: () => Promise<void>): Promise<void> {
  try {
    await probe();
  } catch (error) {
    throw new GivenComponentUnreachableError(variable, errorMessage(error));
  }
}
