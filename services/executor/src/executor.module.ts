import { CallDead, CallOutcome, retryRungs } from '@action-mesh/contracts/executor';
import { publisherTokenHeader } from '@action-mesh/contracts/gateway';
import { topicConfigurations, topics } from '@action-mesh/contracts';
import { Egress } from '@action-mesh/egress';
import { openGovernor } from '@action-mesh/governor';
import { IdentityDirectory } from '@action-mesh/identity';
import { LatenessHistogram, defined, systemClock } from '@action-mesh/kernel';
import {
  DEAD_LETTER_MAX_RECORD_BYTES,
  ensureTopics,
  KafkaProducer,
  KafkaTransport,
} from '@action-mesh/messaging';
import { OpenResources, type Logger } from '@action-mesh/platform';
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
import { PostgresRefusedRecords } from './adapters/postgres/postgres-refused-records.js';
import { readiness } from './adapters/readiness.js';
import { FairShare } from './application/fair-share.js';
import { Ledger } from './application/ledger.port.js';
import { RecordCall } from './application/record-call.js';
import { RecoverCalls } from './application/recover-calls.js';
import { RefuseRecord } from './application/refuse-record.js';
import { RefusedRecords } from './application/refused-records.port.js';
import { ReleaseHeldCalls } from './application/release-held-calls.js';
import { TakeSubmission } from './application/take-submission.js';
import { WakeCalls } from './application/wake-calls.js';
import { startBackgroundWork } from './background-work.module.js';
import { composeCallRunner } from './call-runner.js';
import type { ExecutorConfig } from './config.js';
import { administrationModule } from './administration.module.js';
import { leaseMarginMs, openLedger } from './ledger.module.js';
import { queryModule } from './query.module.js';
import { statusModule } from './status.module.js';
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
export async function composeExecutor(config: ExecutorConfig, logger: Logger): Promise<ExecutorParts> {
  const open = new OpenResources();
  try {
    return await compose(config, logger, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(config: ExecutorConfig, logger: Logger, open: OpenResources): Promise<ExecutorParts> {
  await ensureTopics(config.kafka, topicConfigurations);
  const clock = systemClock;

  const producer = open.add(
    new KafkaProducer({
      client: config.kafka,
      topics: [CallOutcome.topic, CallDead.topic, ...retryRungs.map(({ topic }) => topic)],
    }),
    (used) => used.close(),
  );
  const deadLetterProducer = open.add(
    new KafkaProducer({
      client: config.kafka,
      topics: [topics.deadLetters.name],
      maxRecordBytes: DEAD_LETTER_MAX_RECORD_BYTES,
    }),
    (used) => used.close(),
  );
  const onParked = (delayMs: number | undefined): void => background.parked(delayMs);
  const { ledger, lease, outbox, relay, pendingWork, health, callRecords, heldCalls, queryPool } =
    await openLedger({ config, publisher: new OutboxProducer(producer), clock, logger, onParked }, open);
  const { tools, limits, identities, credentialFor } = await openTopicViews(config, logger, open);
  const { directory } = identities;
  const egress = open.use(new Egress({ allow: config.egressAllow, connectionsPerOrigin }));

  const lines = runLines(logger);
  const outages = open.add(outageLines(logger), (used) => used[Symbol.dispose]());
  const share = new FairShare({ total: config.maxInFlight, clock });
  const report = {
    fenced: (call_id: string) => lines.fenced.add({ call_id }),
    broken: (call_id: string, err: unknown) => lines.broken.add({ call_id, err }),
  };
  const governor = open.use(
    openGovernor({
      policies: limits.policies,
      instances: () => background.watch.liveInstances,
      namespace: `${config.kafka.topicPrefix ?? ''}mesh`,
      onMode: (mode, reason) =>
        mode === 'shared'
          ? logger.info({ reason }, 'limits are counted in Redis, for all executors together')
          : logger.warn({ reason }, 'limits are divided: each executor enforces its share by itself'),
      ...defined({ redisUrl: config.redisUrl }),
    }),
  );
  const { recordCall, resumeCall, spacing } = composeCallRunner({
    ledger,
    tools,
    provider: new EgressProvider(egress, credentialFor),
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
      onRecovered: (calls) => logger.info({ calls }, 'took over calls of a dead instance'),
      outages,
    },
    open,
  );
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
        }),
        queryModule(ledger, tools, callRecords),
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
