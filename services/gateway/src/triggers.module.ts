import type { IdentityDirectory } from '@action-mesh/identity';
import { systemClock } from '@action-mesh/kernel';
import type { Logger } from '@action-mesh/platform';
import { SealedTriggerSecrets, TriggerDirectory } from '@action-mesh/triggers';
import type { Provider, Type } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import {
  DeliveriesDoorController,
  guardDeliveries,
  PublicUrl,
} from './adapters/http/deliveries-door.controller.js';
import { HooksController } from './adapters/http/hooks.controller.js';
import { TriggersController } from './adapters/http/triggers.controller.js';
import { WebhooksAdministration } from './adapters/http/webhooks-administration.js';
import type { EventLog } from './application/event-log.port.js';
import { FireTrigger } from './application/fire-trigger.js';
import { ReceiveDelivery } from './application/receive-delivery.js';
import { RecentDeliveries } from './application/recent-deliveries.js';
import { RefusedDeliveries } from './application/refused-deliveries.js';
import { WebhooksClient } from './application/webhooks-client.port.js';
import type { GatewayConfig } from './config.js';

/** The doors for events from outside, and the routes that administer them. */
export interface TriggerParts {
  readonly guard: (fastify: FastifyInstance) => void;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

interface TriggerNeeds {
  readonly triggers: TriggerDirectory;
  readonly tenants: Pick<IdentityDirectory, 'tenant'>;
  readonly log: EventLog;
  readonly logger: Logger;
}

/** The declared triggers, which a topic feeds. */
export function triggerDirectory({ serviceKey }: Pick<GatewayConfig, 'serviceKey'>): TriggerDirectory {
  return new TriggerDirectory(new SealedTriggerSecrets(serviceKey));
}

/** Binds the ports of the doors for events to adapters. */
export function composeTriggers(
  config: GatewayConfig,
  { triggers, tenants, log, logger }: TriggerNeeds,
): TriggerParts {
  const clock = systemClock;
  const refused = new RefusedDeliveries(clock, (refusal) => logger.warn(refusal, 'deliveries were refused'));
  const recent = new RecentDeliveries(clock);
  return {
    guard: (fastify) => guardDeliveries(fastify, refused),
    controllers: [HooksController, DeliveriesDoorController, TriggersController],
    providers: [
      { provide: FireTrigger, useValue: new FireTrigger(log, triggers, clock) },
      { provide: ReceiveDelivery, useValue: new ReceiveDelivery({ triggers, tenants, log, recent, clock }) },
      { provide: RefusedDeliveries, useValue: refused },
      { provide: PublicUrl, useValue: config.publicUrl },
      {
        provide: WebhooksClient,
        useValue: new WebhooksAdministration({ url: config.webhooksUrl, serviceKey: config.serviceKey }),
      },
    ],
  };
}
