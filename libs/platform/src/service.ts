import 'reflect-metadata';

import type { Server } from 'node:http';

import { errorMessage } from '@action-mesh/kernel';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy, MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { HealthController } from './health.controller.js';
import { HealthChecks } from './health.js';
import { Logger } from './logger.js';
import { NestLogger } from './nest-logger.js';

export interface HttpOptions {
  /** Larger bodies are refused. @default 1 MiB */
  readonly bodyLimitBytes?: number;
  /** Whether Nest parses JSON and form bodies; else the service brings its own parser by `prepare`. @default true */
  readonly bodyParser?: boolean;
  /** Milliseconds for a request to arrive whole. @default 30 000 */
  readonly requestTimeoutMs?: number;
  /** Called before any route exists: parsers and hooks that Nest has no word for. */
  readonly prepare?: (fastify: FastifyInstance) => void;
  /** Answers requests whose path cannot be read, which no route and no filter sees. `status` is what HTTP calls for. */
  readonly onUnroutable?: (status: number, reply: FastifyReply) => void;
}

export interface ServiceOptions {
  readonly name: string;
  readonly module: DynamicModule;
  /** 0 lets the system choose. */
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  readonly logger: Logger;
  /** Strategies that feed the module's event handlers. */
  readonly microservices?: readonly CustomTransportStrategy[];
  readonly http?: HttpOptions;
  /** Gives up a start that is under way, which then rejects with the signal's reason, with nothing left open. */
  readonly signal?: AbortSignal;
}

/** A service that takes work. */
export interface RunningService extends AsyncDisposable {
  readonly name: string;
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Drains and stops it. May be called more than once. */
  close(): Promise<void>;
}

const CLOSE_IDLE_EVERY_MS = 50;

/** How long a connection may take to send the head of a request, the first or the next one, milliseconds. */
const HEAD_TIMEOUT_MS = 10_000;
/** How long a connection is kept after an answer. Longer than the 60 s of common load balancers, which close first then. */
const KEEP_ALIVE_MS = 72_000;
/** How often Node.js looks for connections that took too long, milliseconds. */
const CHECK_CONNECTIONS_EVERY_MS = 1_000;
/** Open connections of one service. The kept ones make room before a new one is refused. */
const MAX_CONNECTIONS = 4_096;

@Module({})
class ServiceModule {}

/**
 * Starts a Nest application with HTTP and the given strategies. HTTP comes first, so that health is answered while the
 * strategies still connect.
 *
 * The module can inject {@link HealthChecks} and {@link Logger}. It stops in this order: readiness turns to 503;
 * `onModuleDestroy` and `beforeApplicationShutdown`, where whoever keeps requests waiting answers them; HTTP closes when
 * its requests are answered; the strategies stop taking records, drain and commit; `onApplicationShutdown`, where
 * producers and pools are closed, which the handlers needed until now.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, port, host = '127.0.0.1', logger, microservices = [], http = {} } = options;
  const health = new HealthChecks();
  const adapter = new FastifyAdapter({
    bodyLimit: http.bodyLimitBytes ?? 1_048_576,
    requestTimeout: http.requestTimeoutMs ?? 30_000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEAD_TIMEOUT_MS, connectionsCheckingInterval: CHECK_CONNECTIONS_EVERY_MS },
    // Nest's Express-style middleware, which costs every request and which nobody here uses.
    skipMiddie: true,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      if (http.onUnroutable === undefined)
        void reply.code(status).send({ statusCode: status, error: error.code });
      else http.onUnroutable(status, reply);
    },
  });
  http.prepare?.(adapter.getInstance<FastifyInstance>());
  boundConnections(adapter.getHttpServer<Server>());
  const app = await NestFactory.create<NestFastifyApplication>(
    rootModule(options.module, health, logger),
    adapter,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a class in name only
    {
      logger: new NestLogger(logger),
      // Else Nest ends the process when a provider fails, with nothing closed.
      abortOnError: false,
      bodyParser: http.bodyParser ?? true,
    },
  );

  const strategies = microservices.map((strategy) => new GuardedClosing(strategy));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      health.drain();
      await closeWithConnections(app);
      const failures = strategies.flatMap(({ failure }) => failure ?? []);
      if (failures.length > 0) throw new AggregateError(failures, 'a transport did not close as it should');
      logger.info('stopped');
    })();
    return closing;
  };

  try {
    for (const strategy of microservices) app.connectMicroservice<MicroserviceOptions>({ strategy });
    await app.listen(port, host);
    await unlessAborted(app.startAllMicroservices(), options.signal);
  } catch (error) {
    await close().catch((failure: unknown) =>
      logger.error({ err: failure }, 'closing after a failed start failed too'),
    );
    throw error;
  }
  const url = addressOf(app, host);
  logger.info({ url }, 'listening');
  return { name, url, close, [Symbol.asyncDispose]: close };
}

/** A full server closes the connections that wait for no answer; the one that found it full was refused. */
function boundConnections(server: Server): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => server.closeIdleConnections());
}

/**
 * A connection whose request is answered after the closing began stays open for as long as its client likes, since the server
 * closes idle ones only once: here they are closed as they become idle.
 */
async function closeWithConnections(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const idle = setInterval(() => {
    if (!server.listening) server.closeIdleConnections();
  }, CLOSE_IDLE_EVERY_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
  }
}

/** Nest breaks off its whole sequence when one transport fails to close; here it goes on, and the failure is kept. */
class GuardedClosing {
  failure: Error | undefined;

  constructor(strategy: CustomTransportStrategy) {
    const closeStrategy = strategy.close.bind(strategy) as () => unknown;
    strategy.close = async () => {
      try {
        await closeStrategy();
      } catch (error) {
        this.failure = error instanceof Error ? error : new Error(errorMessage(error));
      }
    };
  }
}

/** The service's module with what the platform gives to every service. */
function rootModule(module: DynamicModule, health: HealthChecks, logger: Logger): DynamicModule {
  return {
    module: ServiceModule,
    global: true,
    imports: [module],
    controllers: [HealthController],
    providers: [
      { provide: HealthChecks, useValue: health },
      { provide: Logger, useValue: logger },
    ],
    exports: [HealthChecks, Logger],
  };
}

function addressOf(app: NestFastifyApplication, host: string): string {
  const address = app.getHttpServer().address();
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port');
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`;
}

/** The result of `work`, or the signal's reason when that fires first. */
async function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work;
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
