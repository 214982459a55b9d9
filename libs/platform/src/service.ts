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
import { serveMetrics } from './metrics-route.js';
import { guardWithServiceKey, refuseInternalRoutes } from './service-key.js';
import type { ServiceTelemetry } from './service-telemetry.js';

export interface HttpOptions {
  /** The largest body; larger ones are refused. @default 1 MiB */
  readonly bodyLimitBytes?: number;
  /**
   * Whether Nest parses JSON and form bodies. A service with `false` adds its own parser in `prepare`. @default true
   */
  readonly bodyParser?: boolean;
  /** The time limit for a whole request to arrive, milliseconds. @default 30 000 */
  readonly requestTimeoutMs?: number;
  /** The longest parameter of a path, in characters. @default 100 */
  readonly longestParameter?: number;
  /** Called before any route exists, to add parsers and hooks of Fastify. */
  readonly prepare?: (fastify: FastifyInstance) => void;
  /**
   * Answers requests with an unreadable path, which reach no route and no filter. `status` is the status of HTTP for
   * the fault.
   */
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
  /**
   * The key of the mesh's services. Every route but health then asks for it. A service without it guards its routes by
   * itself and has none below `/internal`.
   */
  readonly serviceKey?: string;
  /** Closed after everything else. With a service key, the service answers `GET /metrics` from it. */
  readonly telemetry?: ServiceTelemetry;
  /** Aborts the start. The start then rejects with the signal's reason and leaves nothing open. */
  readonly signal?: AbortSignal;
}

/** A service that accepts work. */
export interface RunningService extends AsyncDisposable {
  readonly name: string;
  /** Its address: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Drains and stops the service. Further calls are safe. */
  close(): Promise<void>;
}

const closeIdleEveryMs = 50;

/** The time limit for the head of a request on a connection, for the first and each later request, milliseconds. */
const headTimeoutMs = 10_000;
/**
 * The time that an idle connection stays open after an answer, milliseconds. It exceeds the 60 s of common load
 * balancers, so they close first.
 */
const keepAliveMs = 72_000;
/** The interval of Node.js's checks for slow connections, milliseconds. */
const checkConnectionsEveryMs = 1_000;
/** The most open connections of one service. Idle ones are closed before a new one is refused. */
const maxConnections = 4_096;

@Module({})
class ServiceModule {}

/**
 * Starts a Nest application with HTTP and the given strategies. HTTP comes first, so health is answered while the
 * strategies still connect.
 *
 * The module can inject {@link HealthChecks} and {@link Logger}. The service stops in this order:
 *
 * 1. Readiness turns to 503.
 * 2. `onModuleDestroy` and `beforeApplicationShutdown` run. They answer the waiting requests.
 * 3. HTTP closes when its requests are answered.
 * 4. The strategies stop taking records, drain and commit.
 * 5. `onApplicationShutdown` runs. It closes the producers and pools, which the handlers needed until now.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, port, host = '127.0.0.1', logger, microservices = [], http = {}, serviceKey } = options;
  const health = new HealthChecks();
  const adapter = new FastifyAdapter({
    bodyLimit: http.bodyLimitBytes ?? 1_048_576,
    requestTimeout: http.requestTimeoutMs ?? 30_000,
    keepAliveTimeout: keepAliveMs,
    http: { headersTimeout: headTimeoutMs, connectionsCheckingInterval: checkConnectionsEveryMs },
    routerOptions: { maxParamLength: http.longestParameter ?? 100 },
    // Disables Nest's Express-style middleware, which costs time in every request and has no user.
    skipMiddie: true,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      if (http.onUnroutable === undefined)
        void reply.code(status).send({ statusCode: status, error: error.code });
      else http.onUnroutable(status, reply);
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  if (serviceKey === undefined) refuseInternalRoutes(fastify);
  else guardWithServiceKey(fastify, serviceKey);
  const { telemetry } = options;
  if (telemetry !== undefined && serviceKey !== undefined) serveMetrics(fastify, telemetry, serviceKey);
  http.prepare?.(fastify);
  boundConnections(adapter.getHttpServer<Server>());
  const app = await NestFactory.create<NestFastifyApplication>(
    rootModule(options.module, health, logger),
    adapter,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a class in name only
    {
      logger: new NestLogger(logger),
      // Otherwise Nest ends the process when a provider fails, without closing anything.
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
      await telemetry?.close();
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

/** Closes idle connections when the server is full. The connection that found it full was refused. */
function boundConnections(server: Server): void {
  server.maxConnections = maxConnections;
  server.on('drop', () => server.closeIdleConnections());
}

/**
 * The server closes idle connections only once. This closes every other connection after its last answer; otherwise the
 * client could keep it open.
 */
async function closeWithConnections(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const idle = setInterval(() => {
    if (!server.listening) server.closeIdleConnections();
  }, closeIdleEveryMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
  }
}

/**
 * Continues the shutdown when one transport fails to close, and keeps the failure. Nest alone would stop its whole
 * sequence.
 */
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

/** The service's module with the providers of the platform. */
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

/** The result of `work`, or the signal's reason when the signal fires first. */
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
