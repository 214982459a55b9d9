import { fileURLToPath } from 'node:url';

import { topicConfigurations, topics } from '@action-mesh/contracts';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { CallAccepted } from '@action-mesh/contracts/gateway';
import { systemClock } from '@action-mesh/kernel';
import {
  DEAD_LETTER_MAX_RECORD_BYTES,
  ensureTopics,
  KafkaProducer,
  KafkaTransport,
  TopicFollower,
} from '@action-mesh/messaging';
import { HealthChecks, OpenResources, Repeater, type Logger } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { FolderBundles } from './adapters/bundles/folder-bundles.js';
import { InternalFlowsController } from './adapters/http/internal-flows.controller.js';
import { FlowTriggersController } from './adapters/kafka/flow-triggers.controller.js';
import { KafkaStepCalls } from './adapters/kafka/kafka-step-calls.js';
import { followTools } from './adapters/kafka/follow-tools.js';
import { stepOutcomeOf } from './adapters/kafka/step-outcomes.js';
import { PostgresBundleRecord } from './adapters/postgres/postgres-bundle-record.js';
import { PostgresRunDirectory } from './adapters/postgres/postgres-run-directory.js';
import { PostgresRunStore } from './adapters/postgres/postgres-run-store.js';
import { claimMs } from './adapters/postgres/run-statements.js';
import { PostgresSchedulePlan } from './adapters/postgres/postgres-schedule-plan.js';
import { AdministerRuns } from './application/administer-runs.js';
import { MeshHost } from './application/mesh-host.js';
import { PlanRuns } from './application/plan-runs.js';
import { StartRuns } from './application/start-runs.js';
import { WorkOnRuns } from './application/work-on-runs.js';
import type { FlowsConfig } from './config.js';

const schema = 'flows';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
/** Runs of instances that died, and times that came, are found within this time. */
const lookEveryMs = 1_000;
/** After a start, runs that wait for calls ask for their outcomes within this time. */
const catchUpMs = 30_000;

/** The parts of the service, ready to be bound into Nest. */
export interface FlowsParts {
  readonly module: DynamicModule;
  /** Takes events of triggers from Kafka. */
  readonly server: KafkaTransport;
  /** Begins the work on runs. */
  readonly start: () => Promise<void>;
  /** Closes all open resources, if the start fails before the module takes over. */
  readonly close: () => Promise<void>;
}

class FlowsModule {}
Module({})(FlowsModule);

/** Binds ports to adapters. If a resource is missing or a flow is wrong, it rejects and leaves nothing open. */
export async function composeFlows(config: FlowsConfig, logger: Logger): Promise<FlowsParts> {
  const open = new OpenResources();
  try {
    return await compose(config, logger, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(config: FlowsConfig, logger: Logger, open: OpenResources): Promise<FlowsParts> {
  const { kafka: client } = config;
  await ensureTopics(client, topicConfigurations);
  await migrate({ url: config.databaseUrl, schema, folder: migrations });
  const pool = open.add(
    createPool({
      url: config.databaseUrl,
      schema,
      role: 'service',
      applicationName: 'flows',
      maxConnections: 8,
    }),
    (used) => used.end(),
  );
  const flows = await FolderBundles.open(config.folder, new PostgresBundleRecord(pool));
  const tools = await followTools(client, logger, open);
  const producer = open.add(new KafkaProducer({ client, topics: [CallAccepted.topic] }), (used) =>
    used.close(),
  );
  const store = new PostgresRunStore(pool);
  let regular: RegularWork | undefined;
  const wake = (): void => regular?.looking.wakeWithin(0);
  const start = new StartRuns(flows, store, wake);
  const host = new MeshHost({ tools, calls: new KafkaStepCalls(producer), start, clock: systemClock });
  const work = new WorkOnRuns({
    store,
    flows,
    host,
    onError: (err, run) =>
      logger.warn({ err, run: run.id }, 'the end of an execution is not on record; it is repeated'),
    onRoom: wake,
  });
  open.add(work, (used) => used.close());
  const plans = new PlanRuns(flows, new PostgresSchedulePlan(pool), start, systemClock, (err, flow) =>
    logger.warn({ err, flow }, 'a flow could not start at its planned time and will be tried again'),
  );
  const begin = async (): Promise<void> => {
    await followOutcomes(config, logger, open, work).start();
    const waiting = await store.wakeWaiting(catchUpMs);
    logger.info({ flows: flows.current.length, waiting }, 'flows are deployed');
    regular = workRegularly({ work, plans, store, logger, open });
  };
  const server = triggerServer(config, open);
  const close = (): Promise<void> => open.close();
  const shutdown: OnApplicationShutdown = { onApplicationShutdown: close };
  const administer = new AdministerRuns({
    runs: new PostgresRunDirectory(pool),
    flows,
    start,
    onChange: () => {
      // An execution under way learns of a cancellation when it renews its claim.
      regular?.renewing.wakeWithin(0);
      wake();
    },
  });
  return {
    close,
    server,
    start: begin,
    module: {
      module: FlowsModule,
      controllers: [InternalFlowsController, FlowTriggersController],
      providers: [
        { provide: StartRuns, useValue: start },
        { provide: AdministerRuns, useValue: administer },
        { provide: 'shutdown', useValue: shutdown },
        healthOf(pool, server),
      ],
    },
  };
}

/** Every instance reads all outcomes: the run of an outcome may be in the memory of any of them. */
function followOutcomes(
  { kafka: client }: FlowsConfig,
  logger: Logger,
  open: OpenResources,
  work: WorkOnRuns,
): TopicFollower {
  let taken = Promise.resolve();
  const onError = (err: unknown): void =>
    logger.warn({ err }, 'an outcome could not be used; its run asks for it later');
  return open.use(
    new TopicFollower({
      client,
      topic: CallOutcome.topic,
      onRecord: (record) => {
        const outcome = stepOutcomeOf(record);
        if (outcome === undefined || work.takeInMemory(outcome)) return;
        // One after the other: a burst must not take the connections of the executions.
        taken = taken.then(() => work.record(outcome)).catch(onError);
      },
      onError,
    }),
  );
}

interface WorkNeeds {
  readonly work: WorkOnRuns;
  readonly plans: PlanRuns;
  readonly store: PostgresRunStore;
  readonly logger: Logger;
  readonly open: OpenResources;
}

interface RegularWork {
  readonly looking: Repeater<number>;
  readonly renewing: Repeater<void>;
}

function workRegularly({ work, plans, store, logger, open }: WorkNeeds): RegularWork {
  const renewing = open.use(
    new Repeater({
      run: () => work.renew(),
      everyMs: claimMs / 3,
      onError: (err) => logger.warn({ err }, 'claims of runs could not be renewed'),
    }),
  );
  open.use(
    new Repeater({
      run: () => plans.run(),
      firstAfterMs: 0,
      everyMs: lookEveryMs,
      onError: (err) => logger.warn({ err }, 'planned times could not be looked at and will be tried again'),
    }),
  );
  const looking = open.use(
    new Repeater({
      run: async () =>
        (await work.run()) > 0 ? 0 : Math.min(lookEveryMs, Math.max(10, await store.nextDueInMs())),
      firstAfterMs: 0,
      everyMs: lookEveryMs,
      pauseMs: (pause) => pause,
      onError: (err) => logger.warn({ err }, 'runs could not be claimed and will be tried again'),
    }),
  );
  return { looking, renewing };
}

function triggerServer({ kafka: client }: FlowsConfig, open: OpenResources): KafkaTransport {
  const producer = open.add(
    new KafkaProducer({
      client,
      topics: [topics.deadLetters.name],
      maxRecordBytes: DEAD_LETTER_MAX_RECORD_BYTES,
    }),
    (used) => used.close(),
  );
  return new KafkaTransport({
    client,
    groupId: 'flows',
    deadLetters: { topic: topics.deadLetters.name, producer },
  });
}

function healthOf(pool: Pool, server: KafkaTransport): Provider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({
        name: 'database',
        ready: () =>
          pool.query('SELECT 1').then(
            () => undefined,
            () => 'PostgreSQL does not answer',
          ),
      });
      health.register({
        name: 'triggers',
        ready: () => (server.state.ready ? undefined : 'has not joined its consumer group'),
        live: () => (server.state.live ? undefined : 'lost its consumer group'),
      });
    },
  };
}
