import { ToolRegistry } from '@action-mesh/admission';
import { IntegrationDirectory } from '@action-mesh/connections';
import { usualBodyBytes } from '@action-mesh/contracts/gateway';
import type { IdentityDirectory } from '@action-mesh/identity';
import { systemClock } from '@action-mesh/kernel';
import { withSpans } from '@action-mesh/messaging';
import { OpenResources, type HttpOptions, type Logger, type ServiceTelemetry } from '@action-mesh/platform';
import { PolicySet } from '@action-mesh/policies';
import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';

import { recordAdministration } from './adapters/http/administration-record.js';
import { CallBatch } from './adapters/http/call-batch.js';
import { CallDetailsController } from './adapters/http/call-details.controller.js';
import { CallsController, WaitLimitsToken } from './adapters/http/calls.controller.js';
import { ExecutorHistory } from './adapters/http/executor-history.js';
import { GovernorLimits } from './adapters/http/governor-limits.js';
import { LimitsController } from './adapters/http/limits.controller.js';
import { MetricsController } from './adapters/http/metrics.controller.js';
import { acceptJsonBytes, answerExactJson } from './adapters/http/json-body.js';
import type { McpServers } from './adapters/http/mcp/mcp-servers.port.js';
import { sendProblem, HttpProblemError } from './adapters/http/problem.js';
import { ProblemFilter } from './adapters/http/problem-filter.js';
import { protocolProblem } from './adapters/http/protocol-problem.js';
import { guardOrigins } from './adapters/http/origin-guard.js';
import { boundRequests } from './adapters/http/request-bounds.js';
import { longestParameter, RouteTable } from './adapters/http/route-table.js';
import { ProxyController } from './adapters/http/proxy.controller.js';
import { KafkaMesh } from './adapters/kafka/kafka-mesh.js';
import { outcomeReader } from './adapters/kafka/outcome-reader.js';
import { outcomeReport } from './adapters/kafka/outcome-report.js';
import { AcceptCall } from './application/accept-call.js';
import { CallVisibility } from './application/call-visibility.js';
import { ExecuteCall } from './application/execute-call.js';
import { ExplainPolicies } from './application/explain-policies.js';
import { FindCall } from './application/find-call.js';
import { FollowCall } from './application/follow-call.js';
import { KnownTools } from './application/known-tools.js';
import { Limits } from './application/limits.port.js';
import { NextPages } from './application/next-pages.js';
import { OutcomeWaiters } from './application/outcome-waiters.js';
import { RecentCalls } from './application/recent-calls.js';
import { TenantBacklog } from './application/tenant-backlog.js';
import { VisibleHistory } from './application/visible-history.js';
import { composeCallAdministration } from './call-administration.module.js';
import { composeCallers } from './callers.module.js';
import type { GatewayConfig } from './config.js';
import { composeDocumentation } from './documentation.module.js';
import { openEventLog } from './event-log.module.js';
import { gatewayHealth, watchLedger } from './health.module.js';
import { composeMcp } from './mcp.module.js';
import { composeFlowRoutes } from './flows.module.js';
import { composeHistory } from './history.module.js';
import { composeCallRepair } from './repair.module.js';
import { composeStreams } from './streams.module.js';
import { composeGatewayTelemetry } from './telemetry.module.js';
import { composeTools } from './tools.module.js';
import { composeTriggers, triggerDirectory } from './triggers.module.js';
import { userConnections } from './user-connections.module.js';

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

/**
 * Binds ports to adapters. Opens no resource before Nest starts, and closes all of them when Nest stops. `mcpServers`
 * replaces the MCP server of the mesh in tests of the protocol.
 */
export function composeGateway(
  given: GatewayConfig,
  logger: Logger,
  signal: AbortSignal,
  telemetry: ServiceTelemetry,
  mcpServers?: McpServers,
): GatewayParts {
  const { spans } = telemetry;
  const config = withSpans(given, spans);
  const { kafka: client, serviceKey, executorUrl: url } = config;
  const executor = { url, serviceKey };
  const [clock, open] = [systemClock, new OpenResources()];
  const registry = new ToolRegistry();
  const [integrations, policies] = [new IntegrationDirectory(), new PolicySet()];
  const triggers = triggerDirectory(config);
  const waiters = new OutcomeWaiters();
  const recent = new RecentCalls(clock);
  const backlog = new TenantBacklog(clock, { maxCalls: config.tenantBacklog });
  const stop = new AbortController();
  const callers = composeCallers(config, logger, open, stop.signal);

  const { producer, log } = openEventLog({ config, registry, spans }, open);
  const toWaiters = outcomeReader(waiters, backlog, outcomeReport(logger), spans);
  const mesh = new KafkaMesh({
    client,
    producer,
    tools: registry,
    identities: callers.directory,
    integrations,
    policies,
    onOutcome: (record) => {
      streams.take(record);
      return toWaiters(record);
    },
    triggers,
    onError: (err, what) => logger.error({ err, what }, 'a record could not be used'),
  });
  open.add(mesh, (used) => used.close());
  const tools = new KnownTools(registry, mesh);
  const events = composeTriggers(config, { triggers, tenants: callers.directory, log, logger });

  const visibility = new CallVisibility(tools);
  const streams = composeStreams(config, mesh, visibility, callers.directory);
  const history = new VisibleHistory(new ExecutorHistory(executor), visibility);
  const administration = composeCallAdministration(executor, history, visibility);
  const { admin } = administration;
  const ledger = open.add(watchLedger(executor, logger), (used) => used.close());
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
  const pages = new NextPages(tools);
  const executeCall = new ExecuteCall(accept, waiters, history, pages);
  const repair = composeCallRepair({ tools, history, admin, execute: executeCall });
  const catalog = composeTools(config, tools, stop.signal);
  const findCall = new FindCall(history, recent, visibility, pages);
  const mcp = composeMcp(
    config,
    {
      execute: executeCall,
      follow: new FollowCall(waiters, history, pages),
      find: findCall,
      metaTools: catalog.metaTools,
      tools,
      search: catalog.search,
      admin,
      directory: callers.directory,
      revision: () => registry.revision,
    },
    logger,
    open,
    mcpServers,
  );
  const routes = new RouteTable();
  const documentation = composeDocumentation(config);
  const watching = composeGatewayTelemetry({
    telemetry,
    serviceKey,
    missing: () => mesh.missing ?? mesh.interrupted,
    waiting: () => waiters.size,
  });
  const told = composeHistory(config, visibility, stop.signal);
  const flows = composeFlowRoutes(config);
  let leaving: NodeJS.Timeout | undefined;
  let connecting = Promise.resolve();
  const life: OnApplicationBootstrap & BeforeApplicationShutdown & OnApplicationShutdown = {
    // Not awaited: HTTP listens meanwhile and reports the missing parts.
    onApplicationBootstrap() {
      ledger.start();
      callers.start();
      mcp.start();
      connecting = mesh.connect(signal);
      connecting.catch(() => undefined);
    },
    beforeApplicationShutdown() {
      leaving = setTimeout(() => stop.abort(), config.drainMs);
      streams.close();
      mcp.endStreams();
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
    ...repair.providers,
    { provide: FindCall, useValue: findCall },
    ...administration.providers,
    ...documentation.providers,
    ...told.providers,
    ...flows.providers,
    { provide: CallBatch, useValue: new CallBatch(accept) },
    { provide: ExplainPolicies, useValue: new ExplainPolicies(policies, tools) },
    ...catalog.providers,
    { provide: WaitLimitsToken, useValue: { waitMs: config.waitMs, maxWaitMs: config.maxWaitMs } },
    { provide: APP_FILTER, useValue: new ProblemFilter(routes, logger) },
    { provide: 'life', useValue: life },
    ...watching.providers,
    gatewayHealth(mesh, ledger),
    ...callers.providers,
    ...streams.providers,
    ...mcp.providers,
    ...events.providers,
    ...userConnections({ broker: callers.broker, visibility, integrations, tools, execute: executeCall }),
  ];
  return {
    directory: callers.directory,
    module: {
      module: GatewayModule,
      controllers: [
        CallsController,
        CallDetailsController,
        ...administration.controllers,
        ...repair.controllers,
        LimitsController,
        MetricsController,
        ...catalog.controllers,
        ProxyController,
        ...documentation.controllers,
        ...told.controllers,
        ...flows.controllers,
        ...streams.controllers,
        ...mcp.controllers,
        ...callers.controllers,
        ...events.controllers,
      ],
      providers,
    },
    http: {
      bodyLimitBytes: usualBodyBytes,
      bodyParser: false,
      longestParameter,
      prepare(fastify) {
        acceptJsonBytes(fastify);
        answerExactJson(fastify);
        routes.watch(fastify);
        watching.watch(fastify);
        guardOrigins(fastify, config);
        callers.guard(fastify);
        recordAdministration(fastify, { log, clock, logger });
        boundRequests(fastify);
        events.guard(fastify);
      },
      onUnroutable: (status, reply) => sendProblem(reply, new HttpProblemError(protocolProblem(status))),
    },
    connected: () => connecting,
  };
}
