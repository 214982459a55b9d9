import { ToolRegistry } from '@action-mesh/admission';
import { IdentityPublished } from '@action-mesh/contracts/auth-broker';
import { ToolkitPublished, ToolPublished } from '@action-mesh/contracts/catalog';
import { CallAccepted, TriggerFired } from '@action-mesh/contracts/gateway';
import { IdentityDirectory } from '@action-mesh/identity';
import { systemClock, type EventDefinition } from '@action-mesh/kernel';
import { CompactedTopic, KafkaProducer, type EventSchema } from '@action-mesh/messaging';
import { Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import type { Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { JsonataMapper } from './adapters/jsonata/jsonata-mapper.js';
import { KafkaCallLog, KafkaTriggerLog } from './adapters/kafka/kafka-logs.js';
import { PostgresTriggerDeliveries } from './adapters/postgres/postgres-trigger-deliveries.js';
import { PostgresScheduleStore } from './adapters/postgres/postgres-schedule-store.js';
import { TriggerDeliveries } from './application/trigger-deliveries.port.js';
import { DeliveryWork } from './application/delivery-work.js';
import { FireSchedules } from './application/fire-schedules.js';
import type { Mapper } from './application/mapper.port.js';
import { StartDeliveries } from './application/start-deliveries.js';
import type { TriggerStore } from './application/trigger-store.port.js';
import type { WebhooksConfig } from './config.js';

/** Deliveries of instances that died are found within this time after their claim. */
const lookEveryMs = 2_000;
const pruneEveryMs = 60_000;
/** Repetitions are recognised for this long. GitHub lets its users repeat a delivery for three days. */
const keptForMs = 14 * 86_400_000;
const pruneAtOnce = 1_000;

/** The work on deliveries and schedules. */
export interface DeliveryParts {
  readonly deliveries: TriggerDeliveries;
  readonly mapper: Mapper;
  readonly wake: () => void;
  readonly start: () => void;
  readonly providers: readonly Provider[];
}

interface DeliveryNeeds {
  readonly config: WebhooksConfig;
  readonly logger: Logger;
  readonly open: OpenResources;
  readonly pool: Pool;
  readonly triggers: Pick<TriggerStore, 'find'>;
}

/** Opens the work on deliveries. Resolves when the tools and the tenants are known. */
export async function openDeliveries(needs: DeliveryNeeds): Promise<DeliveryParts> {
  const { config, logger, open, pool, triggers } = needs;
  const clock = systemClock;
  const { tools, identities } = await followControl(needs);
  const producer = open.add(
    new KafkaProducer({ client: config.kafka, topics: [CallAccepted.topic, TriggerFired.topic] }),
    (used) => used.close(),
  );
  const deliveries = new PostgresTriggerDeliveries(pool);
  const mapper = open.use(new JsonataMapper());
  const startDeliveries = new StartDeliveries({
    deliveries,
    triggers,
    mapper,
    tools,
    tenants: identities,
    switches: identities.switches,
    calls: new KafkaCallLog(producer),
    clock,
    onError: (err, id) =>
      logger.warn({ err, delivery: id }, 'a delivery could not be started and will be tried again'),
  });
  const schedules = new FireSchedules(new PostgresScheduleStore(pool), new KafkaTriggerLog(producer), clock);
  let starting: Repeater<number> | undefined;
  const wake = (): void => starting?.wakeWithin(0);
  return {
    deliveries,
    mapper,
    wake,
    start() {
      starting = open.use(
        new Repeater({
          run: () => startDeliveries.run(),
          firstAfterMs: 0,
          everyMs: lookEveryMs,
          pauseMs: (count) => (count === 0 ? lookEveryMs : 0),
          onError: (err) => logger.warn({ err }, 'deliveries could not be claimed and will be tried again'),
        }),
      );
      open.use(
        new Repeater({
          run: () => schedules.run(),
          firstAfterMs: 0,
          everyMs: lookEveryMs,
          pauseMs: (pause) => pause,
          onError: (err) => logger.warn({ err }, 'schedules could not be fired and will be tried again'),
        }),
      );
      open.use(
        new Repeater({
          run: () => deliveries.prune(clock.now() - keptForMs, pruneAtOnce),
          everyMs: pruneEveryMs,
          pauseMs: (count) => (count === pruneAtOnce ? 0 : pruneEveryMs),
          onError: (err) =>
            logger.warn({ err }, 'old deliveries could not be removed and will be tried again'),
        }),
      );
    },
    providers: [
      { provide: TriggerDeliveries, useValue: deliveries },
      { provide: DeliveryWork, useValue: { wake } },
    ],
  };
}

async function followControl({ config, logger, open }: DeliveryNeeds) {
  const tools = new ToolRegistry();
  // It knows tenants and kill switches. No key opens anything here, so its environment decides nothing.
  const identities = new IdentityDirectory('dev');
  const follow = <Schema extends EventSchema>(definition: EventDefinition<Schema>): CompactedTopic<Schema> =>
    open.use(
      new CompactedTopic({
        client: config.kafka,
        definition,
        onUndecodable: (err) =>
          logger.error({ err, topic: definition.topic }, 'a record could not be decoded'),
        onListenerError: (err) =>
          logger.error({ err, topic: definition.topic }, 'a record could not be used'),
      }),
    );
  const published = follow(ToolPublished);
  published.onChange((key, tool) => (tool === undefined ? tools.remove(key) : tools.put(tool)));
  const dated = follow(ToolkitPublished);
  dated.onChange((key, toolkit) =>
    toolkit === undefined ? tools.removeToolkit(key) : tools.putToolkit(toolkit),
  );
  const known = follow(IdentityPublished);
  known.onChange((key, identity) =>
    identity === undefined ? identities.remove(key) : identities.put(identity),
  );
  await Promise.all([published.ready, dated.ready, known.ready]);
  identities.complete();
  return { tools, identities };
}
