import { setTimeout as delay } from 'node:timers/promises';
import { findCheckout } from './checkout.js';
import type { Checkout } from './checkout.js';
import type { ComponentName } from './component.js';
import { readConfig } from './config.js';
import { InfrastructureMissingError } from './devstack.errors.js';
import { isKafkaInstalled } from './native/kafka-distribution.js';
import { startNativeKafka, startNativeRun } from './native/native-stack.js';
import type { KafkaServer } from './native/kafka-server.js';
import { findPostgresPackage } from './native/postgres-binaries.js';
import { PostgresServer } from './native/postgres-server.js';
import { findPrograms } from './native/programs.js';
import type { Programs } from './native/programs.js';
import { RedisServer } from './native/redis-server.js';
import { isPaused } from './run/process-identity.js';
import type { Run } from './run/run.js';
import { missingForNative } from './source-choice.js';

/** A handle for a private server, which a fault test may break. Disposal ends the server and deletes its data. */
interface ServerHandle extends AsyncDisposable {
  /** The pid of the current process, or of the last one. */
  readonly pid: number;
  /** The server's own port on 127.0.0.1. */
  readonly port: number;
  /** Stops the server if it runs, and starts it on the same port and data. Resolves when it answers. */
  restart(): Promise<void>;
}

interface Pausable {
  /** Freezes the process (SIGSTOP). Connections stay open and get no answer. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the process and keeps its data. @default SIGTERM, a clean shutdown */
  stop(options?: { readonly signal?: NodeJS.Signals }): Promise<void>;
}

export interface KafkaHandle extends ServerHandle, Pausable {
  /** The advertised address, for clients. */
  readonly brokers: readonly string[];
  /** The address of a second listener that advertises itself, never behind a proxy. */
  readonly directBrokers: readonly string[];
}

export interface PostgresHandle extends ServerHandle {
  readonly databaseUrl: string;
  /** Ends the server and keeps its data. `immediate` equals a crash. @default 'immediate' */
  stop(options?: { readonly mode?: 'immediate' | 'fast' }): Promise<void>;
}

export interface RedisHandle extends ServerHandle, Pausable {
  readonly redisUrl: string;
}

export interface PrivateServerOptions {
  /** Gets a line while a download runs. @default no report */
  readonly report?: (line: string) => void;
}

export interface PrivateKafkaOptions extends PrivateServerOptions {
  /** The port that the broker advertises to clients, for a proxy in between. @default the broker's own */
  readonly advertisedPort?: number;
  /** Broker properties that override `deploy/local/kafka.properties`. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Starts a broker for the caller alone. It is always native, since faults in a container are less precise. */
export async function startKafka(options: PrivateKafkaOptions = {}): Promise<KafkaHandle> {
  const { report = () => undefined, ...broker } = options;
  const { server, run } = await startPrivately('kafka', ({ checkout, programs, run }) =>
    startNativeKafka(checkout, run, programs, report, broker),
  );
  return {
    ...pausable(server),
    ...restartable(server, run),
    brokers: server.brokers,
    directBrokers: [`127.0.0.1:${server.directPort}`],
    get pid() {
      return server.process.pid;
    },
  };
}

/** Starts a PostgreSQL server for the caller alone. */
export async function startPostgres(): Promise<PostgresHandle> {
  const { server, run } = await startPrivately('postgres', ({ run }) => PostgresServer.start(run));
  return {
    ...restartable(server, run),
    databaseUrl: server.databaseUrl,
    stop: ({ mode } = {}) => server.stop(mode),
    get pid() {
      return server.process.pid;
    },
  };
}

/** Starts a Redis server for the caller alone. */
export async function startRedis(): Promise<RedisHandle> {
  const { server, run } = await startPrivately('redis', ({ run, programs }) =>
    RedisServer.start(run, programs.redisServer ?? 'redis-server'),
  );
  return {
    ...pausable(server),
    ...restartable(server, run),
    redisUrl: server.redisUrl,
    get pid() {
      return server.process.pid;
    },
  };
}

async function startPrivately<Server>(
  name: ComponentName,
  start: (context: { checkout: Checkout; programs: Programs; run: Run }) => Promise<Server>,
): Promise<{ server: Server; run: Run }> {
  const { environment, stateFolder } = readConfig();
  const checkout = findCheckout(stateFolder);
  const programs = await findPrograms(environment);
  const missing = missingForNative([name], {
    programs,
    kafkaInstalled: await isKafkaInstalled(checkout),
    postgresBinaries: findPostgresPackage() !== undefined,
  });
  if (missing.length > 0) throw new InfrastructureMissingError(missing.join(' '));
  const run = await startNativeRun(checkout, environment);
  try {
    return { server: await start({ checkout, programs, run }), run };
  } catch (error) {
    await run.end();
    throw error;
  }
}

function pausable(server: KafkaServer | RedisServer): Pausable {
  return {
    pause: async () => {
      await server.process.signal('SIGSTOP');
      // The signal takes effect a moment after it is sent. Until then an answer could still leave.
      while (!server.process.hasExited() && !isPaused(server.process.pid)) await delay(2);
    },
    resume: () => server.process.signal('SIGCONT'),
    stop: ({ signal } = {}) => server.stop(signal),
  };
}

function restartable(server: KafkaServer | PostgresServer | RedisServer, run: Run) {
  return {
    port: server.port,
    restart: async () => {
      await server.stop();
      await server.start();
    },
    [Symbol.asyncDispose]: () => run.end(),
  };
}
