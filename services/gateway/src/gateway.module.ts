import { ToolRegistry } from '@action-mesh/admission';
import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  TriggerFired,
  usualBodyBytes,
} from '@action-mesh/contracts/gateway';
import type { IdentityDirectory } from '@action-mesh/identity';
import { systemClock } from '@action-mesh/kernel';
import { KafkaProducer } from '@action-mesh/messaging';
import { HealthChecks, OpenResources, type HttpOptions, type Logger } from '@action-mesh/platform';
import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';

import { CallBatch } from './adapters/http/call-batch.js';
import { CatalogToolkits } from './adapters/http/catalog-toolkits.js';
import { CallsController, WaitLimitsToken } from './adapters/http/calls.controller.js';
import { CompensationController } from './adapters/http/compensation.controller.js';
import { CorrectionController } from './adapters/http/correction.controller.js';
import { AdministrationController } from './adapters/http/administration.controller.js';
import { ExecutorAdminClient } from './adapters/http/executor-admin-client.js';
import { ExecutorHistory } from './adapters/http/executor-history.js';
import { GovernorLimits } from './adapters/http/governor-limits.js';
import { HooksController } from './adapters/http/hooks.controller.js';
import { ledgerHealth, LedgerWatch } from './adapters/http/ledger-watch.js';
import { LimitsController } from './adapters/http/limits.controller.js';
import { acceptJsonBytes, answerExactJson } from './adapters/http/json-body.js';
import { sendProblem, HttpProblemError } from './adapters/http/problem.js';
import { ProblemFilter } from './adapters/http/problem-filter.js';
import { protocolProblem } from './adapters/http/problem-table.js';
import { boundRequests } from './adapters/http/request-bounds.js';
import { RouteTable } from './adapters/http/route-table.js';
import { RefusedRecordsApi, RefusedRecordsController } from './adapters/http/refused-records.controller.js';
import { InternalApi } from './adapters/http/internal-api.js';
import { ToolkitsController } from './adapters/http/toolkits.controller.js';
import { ToolsController } from './adapters/http/tools.controller.js';
import { KafkaEventLog } from './adapters/kafka/kafka-event-log.js';
import { KafkaMesh } from './adapters/kafka/kafka-mesh.js';
import { outcomeReader } from './adapters/kafka/outcome-reader.js';
import { AcceptCall } from './application/accept-call.js';
import { ExecutorAdmin } from './application/executor-admin.port.js';
import { CallVisibility } from './application/call-visibility.js';
import { CatalogClient } from './application/catalog-client.port.js';
import { CompensateCall } from './application/compensate-call.js';
import { CompensateSaga } from './application/compensate-saga.js';
import { CorrectCall } from './application/correct-call.js';
import { ExecuteCall } from './application/execute-call.js';
import { FindCall } from './application/find-call.js';
import { FireTrigger } from './application/fire-trigger.js';
import { KnownTools } from './application/known-tools.js';
import { Limits } from './application/limits.port.js';
import { MetaTools } from './application/meta-tools.js';
import { OutcomeWaiters } from './application/outcome-waiters.js';
import { RecentCalls } from './application/recent-calls.js';
import { RestoreCall } from './application/restore-call.js';
import { TenantBacklog } from './application/tenant-backlog.js';
import { ToolSearch } from './application/tool-search.js';
import { VisibleCallsAdmin } from './application/visible-calls-admin.js';
import { VisibleHistory } from './application/visible-history.js';
import { composeCallers } from './callers.module.js';
import type { GatewayConfig } from './config.js';

/** All parts of the gateway, ready to be bound into Nest. */
export interface GatewayParts {
  /** The knowledge about callers. The topic of identities feeds it from the start of the module on. */
  readonly directory: IdentityDirectory;
  readonly module: DynamicModule;
  readonly http: HttpOptions;
  /** Resolves when the gateway accepts calls, after Nest has started. Rejects when the signal fires first. */
  readonly connected: () => Promise<void>;
}

@Module({})
class GatewayModule {}

/** Binds ports to adapters. Opens no resource before Nest starts, and closes all of them when Nest stops. */
export function composeGateway(config: GatewayConfig, logger: Logger, signal: AbortSignal): GatewayParts {
  const { kafka: client, serviceKey } = config;
  const executor = { url: config.executorUrl, serviceKey };
  const clock = systemClock;
  const open = new OpenResources();
  const registry = new ToolRegistry();
  const waiters = new OutcomeWaiters();
  const recent = new RecentCalls(clock);
  const backlog = new TenantBacklog(clock, { maxCalls: config.tenantBacklog });
  const callers = composeCallers(config, logger, open);

  const producer = open.add(
    new KafkaProducer({
      client,
      topics: [CallAccepted.topic, AwaitedCallAccepted.topic, BulkCallAccepted.topic, TriggerFired.topic],
      deliveryTimeoutMs: config.acceptTimeoutMs,
    }),
    (used) => used.close(),
  );
  const log = new KafkaEventLog(producer);
  const mesh = new KafkaMesh({
    client,
    producer,
    tools: registry,
    identities: callers.directory,
    onOutcome: outcomeReader(waiters, backlog, {
      unreadable: (callId) => logger.error({ callId }, 'an outcome cannot be read'),
      stranger: (callId, count) =>
        logger.warn(
          { callId, count },
          'an outcome names a call of this gateway with another user or tool; it was dropped',
        ),
    }),
    onError: (err, what) => logger.error({ err, what }, 'a record could not be used'),
  });
  open.add(mesh, (used) => used.close());
  const tools = new KnownTools(registry, mesh);

  const visibility = new CallVisibility(tools);
  const history = new VisibleHistory(new ExecutorHistory(executor), visibility);
  const admin = new VisibleCallsAdmin(new ExecutorAdminClient(executor), history, visibility);
  const ledger = open.add(
    new LedgerWatch({
      executor,
      clock,
      onChange: (refusal) =>
        refusal === undefined
          ? logger.info('the ledger accepts calls again')
          : logger.error(
              { reason: refusal },
              'the ledger refuses new calls; the gateway answers them with 503',
            ),
    }),
    (used) => used.close(),
  );
  const accept = new AcceptCall({
    tools,
    log,
    recent,
    backlog,
    ledger,
    switches: callers.directory.switches,
    quotas: callers.quotas,
    clock,
  });
  const executeCall = new ExecuteCall(accept, waiters, history);
  const compensateCall = new CompensateCall(tools, history, executeCall);
  const search = new ToolSearch(tools);
  const routes = new RouteTable();
  const stop = new AbortController();
  let leaving: NodeJS.Timeout | undefined;
  let connecting = Promise.resolve();
  const life: OnApplicationBootstrap & BeforeApplicationShutdown & OnApplicationShutdown = {
    // Not awaited: HTTP listens meanwhile and reports the missing parts.
    onApplicationBootstrap() {
      ledger.start();
      callers.start();
      connecting = mesh.connect(signal);
      connecting.catch(() => undefined);
    },
    beforeApplicationShutdown() {
      leaving = setTimeout(() => stop.abort(), config.drainMs);
      return waiters.drain(config.drainMs);
    },
    onApplicationShutdown() {
      clearTimeout(leaving);
      return open.close();
    },
  };
  const providers: Provider[] = [
    { provide: ExecuteCall, useValue: executeCall },
    { provide: Limits, useValue: new GovernorLimits({ url: config.rateGovernorUrl, serviceKey }) },
    { provide: CorrectCall, useValue: new CorrectCall(admin, history, executeCall) },
    { provide: CompensateCall, useValue: compensateCall },
    { provide: CompensateSaga, useValue: new CompensateSaga(admin, compensateCall) },
    { provide: FindCall, useValue: new FindCall(history, recent, visibility) },
    { provide: FireTrigger, useValue: new FireTrigger(log, clock) },
    { provide: ExecutorAdmin, useValue: admin },
    {
      provide: RefusedRecordsApi,
      useValue: new InternalApi({
        ...executor,
        timeoutMs: 5_000,
        unavailable: 'The executor, which keeps the list of refused records, cannot be reached now.',
        fix: 'Send the same request again later.',
      }),
    },
    { provide: CallBatch, useValue: new CallBatch(accept) },
    { provide: KnownTools, useValue: tools },
    { provide: RestoreCall, useValue: new RestoreCall(tools) },
    { provide: ToolSearch, useValue: search },
    { provide: MetaTools, useValue: new MetaTools(tools, search) },
    {
      provide: CatalogClient,
      useValue: new CatalogToolkits({ url: config.catalogUrl, serviceKey }, stop.signal),
    },
    { provide: WaitLimitsToken, useValue: { waitMs: config.waitMs, maxWaitMs: config.maxWaitMs } },
    { provide: APP_FILTER, useValue: new ProblemFilter(routes, logger) },
    { provide: 'life', useValue: life },
    healthOf(mesh, ledger),
    ...callers.providers,
  ];
  return {
    directory: callers.directory,
    module: {
      module: GatewayModule,
      controllers: [
        CallsController,
        AdministrationController,
        RefusedRecordsController,
        CorrectionController,
        CompensationController,
        LimitsController,
        ToolsController,
        ToolkitsController,
        HooksController,
        ...callers.controllers,
      ],
      providers,
    },
    http: {
      bodyLimitBytes: usualBodyBytes,
      bodyParser: false,
      prepare(fastify) {
        acceptJsonBytes(fastify);
        answerExactJson(fastify);
        routes.watch(fastify);
        callers.guard(fastify);
        boundRequests(fastify);
      },
      onUnroutable: (status, reply) => sendProblem(reply, new HttpProblemError(protocolProblem(status))),
    },
    connected: () => connecting,
  };
}

function healthOf(mesh: KafkaMesh, ledger: LedgerWatch): Provider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({ name: 'mesh', ready: () => mesh.missing ?? mesh.interrupted });
      health.register(ledgerHealth(ledger));
    },
  };
}
