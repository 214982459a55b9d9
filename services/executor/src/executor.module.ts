import { publisherTokenHeader } from '@action-mesh/contracts/gateway';
import { topicConfigurations, topics } from '@action-mesh/contracts';
import { Egress } from '@action-mesh/egress';
import { IdentityDirectory } from '@action-mesh/identity';
import { LatenessHistogram, systemClock, type TraceContext } from '@action-mesh/kernel';
import { ensureTopics, KafkaTransport, withSpans } from '@action-mesh/messaging';
import { OpenResources, traceFields, type Logger, type ServiceTelemetry } from '@action-mesh/platform';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

import { EgressFiles } from './adapters/egress/egress-files.js';
import { EgressProvider } from './adapters/egress/egress-provider.js';
import { InternalRefusedRecordsController } from './adapters/http/internal-refused-records.controller.js';
import { AcceptedCallsController } from './adapters/kafka/accepted-calls.controller.js';
import { IngressController } from './adapters/kafka/ingress.controller.js';
import { Ladder } from './adapters/kafka/ladder.js';
import { OutboxProducer } from './adapters/kafka/outbox-producer.js';
import { isPublishersFault, putAside } from './adapters/kafka/put-aside.js';
import { RefusalProducer } from './adapters/kafka/refusal-producer.js';
import { outageLines, runLines } from './adapters/run-lines.js';
import { WatchedProvider } from './adapters/telemetry/watched-provider.js';
import { PostgresRefusedRecords } from './adapters/postgres/postgres-refused-records.js';
import { readiness } from './adapters/readiness.js';
import { ToolsOfCalls } from './adapters/tools-of-calls.js';
import type { PolicyChange } from './application/asked-calls.port.js';
import { FairShare } from './application/fair-share.js';
import { Ledger } from './application/ledger.port.js';
import { RecordCall } from './application/record-call.js';
import { RecoverCalls } from './application/recover-calls.js';
import { RefuseRecord } from './application/refuse-record.js';
import { RefusedRecords } from './application/refused-records.port.js';
import { ReleaseAwaitingCalls } from './application/release-awaiting-calls.js';
import { ReleaseHeldCalls } from './application/release-held-calls.js';
import { TakeSubmission } from './application/take-submission.js';
import { WakeCalls } from './application/wake-calls.js';
import { startBackgroundWork } from './background-work.module.js';
import { composeCallRunner } from './call-runner.js';
import type { ExecutorConfig } from './config.js';
import { openCredentials } from './credentials.module.js';
import { openExecutorGovernor } from './governor.module.js';
import { administrationModule } from './administration.module.js';
import { leaseMarginMs, openLedger } from './ledger.module.js';
import { openProducers } from './producers.module.js';
import { queryModule } from './query.module.js';
import { statusModule } from './status.module.js';
import { composeCallTelemetry, registerGauges } from './telemetry.module.js';
import { openTopicViews } from './topic-views.module.js';

/** Connections to one provider: one for each call that may run there at once. */
const connectionsPerOrigin = 256;
/** Milliseconds for running calls to end when the service stops. Other executors take over the rest. */
const drainMs = 10_000;

/** Everything that the executor is made of, ready to be bound into Nest. */
export interface ExecutorParts {
  readonly module: DynamicModule;
  readonly server: KafkaTransport;
}

class ExecutorModule {}
Module({})(ExecutorModule);

/** Connects to everything and binds ports to adapters. Rejects, with nothing left open, when a part is unavailable. */
export async function composeExecutor(
  config: ExecutorConfig,
  logger: Logger,
  telemetry: Pick<ServiceTelemetry, 'spans' | 'metrics'>,
): Promise<ExecutorParts> {
  const open = new OpenResources();
  try {
    return await compose(withSpans(config, telemetry.spans), logger, { open, ...telemetry });
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(
  config: ExecutorConfig,
  logger: Logger,
  { open, spans, metrics }: Pick<ServiceTelemetry, 'spans' | 'metrics'> & { readonly open: OpenResources },
): Promise<ExecutorParts> {
  await ensureTopics(config.kafka, topicConfigurations);
  const clock = systemClock;

  const { producer, deadLetterProducer } = openProducers(config.kafka, open);
  const onParked = (delayMs: number | undefined): void => background.parked(delayMs);
  const watching = composeCallTelemetry({
    spans,
    metrics,
    clock,
    effectOf: (call) => toolsOfCalls.of(call)?.tool.effect.class,
  });
  const { observer } = watching;
  const {
    ledger,
    lease,
    outbox,
    relay,
    pendingWork,
    health,
    callRecords,
    heldCalls,
    awaitingCalls,
    askedCalls,
    approvals,
    queryPool,
    countPool,
  } = await openLedger(
    { config, publisher: new OutboxProducer(producer, spans.isOn), clock, logger, onParked, observer },
    open,
  );
  const views = await openTopicViews(config, logger, open);
  const { tools, limits, identities, integrations, policies, credentialFor } = views;
  const toolsOfCalls = new ToolsOfCalls(tools, integrations.directory);
  const { directory } = identities;
  const egress = open.use(new Egress({ allow: config.egressAllow, connectionsPerOrigin }));

  const lines = runLines(logger);
  const outages = open.add(outageLines(logger), (used) => used[Symbol.dispose]());
  const share = new FairShare({ total: config.maxInFlight, clock });
  const report = {
    fenced: (callId: string, trace: TraceContext) => lines.fenced.add(traceFields(trace, callId)),
    broken: (callId: string, err: unknown, trace: TraceContext) =>
      lines.broken.add({ ...traceFields(trace, callId), err }),
  };
  const governor = openExecutorGovernor(
    { config, logger, policies: limits.policies, instances: () => background.watch.liveInstances },
    open,
  );
  const credentials = await openCredentials(
    { config, integrations, clock, logger, spans, onAuthChanged: (change) => background.authChanged(change) },
    open,
  );
  const { recordCall, resumeCall, spacing } = composeCallRunner({
    ledger,
    tools: toolsOfCalls,
    credentials,
    policies: policies.policies,
    approvals,
    provider: new WatchedProvider(new EgressProvider(egress, credentialFor), {
      spans,
      metrics,
      times: watching.times,
    }),
    permits: watching.permits,
    files: new EgressFiles(egress),
    records: callRecords,
    governor,
    switches: directory.switches,
    share,
    clock,
    report,
  });
  const refusals = new RefusalProducer(producer);
  const lateness = new LatenessHistogram();
  const wakeCalls = new WakeCalls(ledger, share, spacing, resumeCall, (lateMs) => lateness.record(lateMs));
  const background = startBackgroundWork(
    {
      look: () => pendingWork.look(),
      relay,
      parkedCalls: ledger,
      recoverCalls: new RecoverCalls(ledger, resumeCall),
      wakeCalls,
      releaseHeldCalls: new ReleaseHeldCalls({
        heldCalls,
        switches: directory.switches,
        isInformed: () => identities.joined,
        clock,
      }),
      releaseAwaitingCalls: new ReleaseAwaitingCalls(awaitingCalls, clock),
      releaseAskedCalls: new ReleaseAwaitingCalls<PolicyChange>(askedCalls, clock),
      onRecovered: (calls) => logger.info({ calls }, 'took over calls of a dead instance'),
      outages,
    },
    open,
  );
  policies.onChanged = (tenantId) => background.policiesChanged({ tenantId });
  // Policies may have changed while no executor followed them.
  background.policiesChanged({});
  identities.onLifted = (switchId) => background.lifted(switchId);
  const deadLetters = {
    topic: topics.deadLetters.name,
    producer: deadLetterProducer,
    secretHeaders: [publisherTokenHeader],
    isPublishersFault,
  };
  const ladder = open.use(
    new Ladder({
      client: config.kafka,
      groupId: 'executor',
      deadLetters,
      wakeCalls,
      onError: (err) => logger.warn({ err }, 'a rung of the ladder failed and will try again'),
    }),
  );
  const records = new PostgresRefusedRecords(queryPool);
  const stopping = new AbortController();
  const refuseRecord = new RefuseRecord({
    records,
    refusals,
    clock,
    signal: stopping.signal,
    onRefused: (refused) => lines.refused.add(refused),
    onError: (err) => lines.untold.add(err),
  });
  const takeSubmission = new TakeSubmission({
    tools: tools.registry,
    switches: directory.switches,
    recordCall,
    refuseRecord,
    clock,
  });
  const server = new KafkaTransport({
    onDeadLetter: async (record, reason, message) => {
      await refuseRecord.execute(putAside(record, reason, message, { directory, nowMs: clock.now() }));
    },
    client: config.kafka,
    groupId: 'executor',
    deadLetters,
    // A record that the ledger cannot take yet waits. Only a record that it can never take is dead-lettered.
    limits: { maxRetryTimeMs: Infinity },
    onStatus: (status) => logger.debug(status, 'consumer lane'),
  });
  registerGauges(metrics, { countPool, health, governor, server });
  const shutdown: OnApplicationShutdown = {
    async onApplicationShutdown() {
      stopping.abort();
      for (const budget of [lines.fenced, lines.broken, lines.refused, lines.untold]) budget.close();
      await Promise.all([background.stop(), ladder.close()]);
      await Promise.race([share.idle(), new Promise((resolve) => setTimeout(resolve, drainMs).unref())]);
      await background.watch.close();
      // This cuts off running calls, and other executors own them from now on. Only then may the connections close.
      await lease.close();
      await open.close();
    },
  };
  return {
    server,
    module: {
      module: ExecutorModule,
      imports: [
        administrationModule(ledger, clock, {
          pool: queryPool,
          lease,
          outbox,
          marginMs: leaseMarginMs,
          onParked,
          observer,
        }),
        queryModule(ledger, toolsOfCalls, callRecords, approvals),
        statusModule(governor, lateness, health),
      ],
      controllers: [AcceptedCallsController, IngressController, InternalRefusedRecordsController],
      providers: [
        { provide: Ledger, useValue: ledger },
        { provide: RefusedRecords, useValue: records },
        { provide: RecordCall, useValue: recordCall },
        { provide: TakeSubmission, useValue: takeSubmission },
        { provide: IdentityDirectory, useValue: directory },
        { provide: 'shutdown', useValue: shutdown },
        readiness({ lease, health, server, ladder }),
      ],
    },
  };
}
