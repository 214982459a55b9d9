import { setMaxListeners } from 'node:events';

import { topics } from '@action-mesh/contracts';
import { WebhookEndpointDisabled } from '@action-mesh/contracts/webhooks';
import { Egress, missingEntry } from '@action-mesh/egress';
import { newId } from '@action-mesh/kernel';
import { DEAD_LETTER_MAX_RECORD_BYTES, KafkaProducer, KafkaTransport } from '@action-mesh/messaging';
import { LogBudget, Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import type { Provider, Type } from '@nestjs/common';
import type { Pool } from 'pg';

import { EgressWebhookSender } from './adapters/egress/egress-webhook-sender.js';
import {
  InternalDeliveriesController,
  InternalEndpointsController,
} from './adapters/http/internal-endpoints.controller.js';
import { EndpointEventPublisher } from './adapters/kafka/endpoint-event-publisher.js';
import { ReportedOutcomesController } from './adapters/kafka/reported-outcomes.controller.js';
import { SkippedRecords } from './adapters/kafka/skipped-records.js';
import { PostgresDeliveryStore } from './adapters/postgres/postgres-delivery-store.js';
import { PostgresEndpointStore } from './adapters/postgres/postgres-endpoint-store.js';
import { PostgresWebhookRecord } from './adapters/postgres/postgres-webhook-record.js';
import { AdministerDeliveries } from './application/endpoints/administer-deliveries.js';
import { AdministerEndpoints } from './application/endpoints/administer-endpoints.js';
import { DeliverWebhook } from './application/endpoints/deliver-webhook.js';
import { RunDeliveries } from './application/endpoints/run-deliveries.js';
import { TakeOutcomes } from './application/endpoints/take-outcomes.js';
import type { Secrets } from './application/secrets.port.js';
import type { WebhooksConfig } from './config.js';

interface EndpointNeeds {
  readonly config: Pick<WebhooksConfig, 'kafka' | 'egressAllow'>;
  readonly logger: Logger;
  readonly open: OpenResources;
  readonly pool: Pool;
  readonly secrets: Secrets;
}

/** Outgoing webhooks, ready for Nest. */
export interface EndpointParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  /** Takes outcomes. */
  readonly server: KafkaTransport;
}

const lookEveryMs = 1_000;
const publishEveryMs = 5_000;
const pruneEveryMs = 60 * 60_000;
/** Soon, because a service that restarts often would never prune otherwise. */
const pruneAfterStartMs = 60_000;
/** Deliveries can be sent again for two weeks after their end. */
const keptMs = 14 * 86_400_000;
const prunedAtOnce = 10_000;

/** Binds the way of outcomes to endpoints, and its administration. */
export function composeEndpoints({ config, logger, open, pool, secrets }: EndpointNeeds): EndpointParts {
  const store = new PostgresDeliveryStore(pool);
  const stopping = new AbortController();
  // Each delivery under way listens.
  setMaxListeners(0, stopping.signal);
  const egress = open.use(new Egress({ allow: config.egressAllow }));
  const deliver = new DeliverWebhook({
    store,
    secrets,
    sender: new EgressWebhookSender(egress, stopping.signal),
  });
  const warn = (what: string) => (err: unknown) => logger.warn({ err }, what);
  const run = new RunDeliveries({
    store,
    deliver,
    onFree: () => deliveries.wakeWithin(0),
    onDisabled: () => events.wakeWithin(0),
    onError: warn('a webhook could not be settled; it is sent again'),
  });
  open.add(run, (used) => {
    stopping.abort();
    return used.idle();
  });
  const producer = open.add(
    new KafkaProducer({ client: config.kafka, topics: [WebhookEndpointDisabled.topic] }),
    (used) => used.close(),
  );
  const publisher = new EndpointEventPublisher(pool, producer);
  const events = open.use(
    new Repeater({
      run: () => publisher.run(),
      everyMs: publishEveryMs,
      onError: warn('events of webhook endpoints could not be published and will be tried again'),
    }),
  );
  open.use(
    new Repeater({
      run: () => store.prune(new Date(Date.now() - keptMs), prunedAtOnce),
      everyMs: pruneEveryMs,
      firstAfterMs: pruneAfterStartMs,
      onError: warn('old deliveries could not be deleted'),
    }),
  );
  const deliveries = open.use(
    new Repeater({
      run: () => run.run(),
      everyMs: lookEveryMs,
      onError: warn('due webhooks could not be read and will be tried again'),
    }),
  );
  const onDue = (): void => deliveries.wakeWithin(0);
  const endpoints = new AdministerEndpoints({
    store: new PostgresEndpointStore(pool),
    secrets,
    newId,
    missingEntry: (url) => missingEntry(url, config.egressAllow),
  });
  return {
    controllers: [InternalEndpointsController, InternalDeliveriesController, ReportedOutcomesController],
    providers: [
      { provide: AdministerEndpoints, useValue: endpoints },
      { provide: AdministerDeliveries, useValue: new AdministerDeliveries({ store, deliver, onDue }) },
      { provide: TakeOutcomes, useValue: new TakeOutcomes(new PostgresWebhookRecord(pool), onDue) },
    ],
    server: outcomeServer(config, logger, open),
  };
}

function outcomeServer(
  { kafka: client }: Pick<WebhooksConfig, 'kafka'>,
  logger: Logger,
  open: OpenResources,
): KafkaTransport {
  const skipped = open.add(
    new LogBudget<object>({
      most: 5,
      everyMs: 60_000,
      line: () => logger.error('an outcome could not be read, so no webhook reports it'),
      rest: (count) => logger.error({ count }, 'more outcomes could not be read'),
    }),
    (used) => used.close(),
  );
  const kept = open.add(
    new KafkaProducer({
      client,
      topics: [topics.deadLetters.name],
      maxRecordBytes: DEAD_LETTER_MAX_RECORD_BYTES,
    }),
    (used) => used.close(),
  );
  return new KafkaTransport({
    client,
    groupId: 'webhooks',
    deadLetters: {
      topic: topics.deadLetters.name,
      producer: new SkippedRecords(() => skipped.add({}), kept),
    },
  });
}
