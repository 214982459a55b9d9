import { IdentityDirectory, UserTokens } from '@action-mesh/identity';
import { systemClock } from '@action-mesh/kernel';
import { Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import type { Provider, Type } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { BrokerAdministration } from './adapters/http/broker-administration.js';
import { BrokerConnect } from './adapters/http/broker-connect.js';
import { guardCallers } from './adapters/http/caller-guard.js';
import { ConnectAddresses, ConnectPagesController } from './adapters/http/connect-pages.controller.js';
import { ConnectSessionsController } from './adapters/http/connect-sessions.controller.js';
import { ConnectionsController } from './adapters/http/connections.controller.js';
import { IntegrationsController } from './adapters/http/integrations.controller.js';
import { KeysController } from './adapters/http/keys.controller.js';
import { CallerDirectory, MeController } from './adapters/http/me.controller.js';
import { PoliciesController } from './adapters/http/policies.controller.js';
import { ProvidersController } from './adapters/http/providers.controller.js';
import { SwitchesController } from './adapters/http/switches.controller.js';
import { TenantsController } from './adapters/http/tenants.controller.js';
import { WebhookEndpointsApi } from './adapters/http/webhook-endpoints-api.js';
import { WebhookEndpointsController } from './adapters/http/webhook-endpoints.controller.js';
import { AuthBrokerClient } from './application/auth-broker-client.port.js';
import { ConnectBroker } from './application/connect-broker.port.js';
import { DoorQuotas } from './application/door-quotas.js';
import { KeyUses } from './application/key-uses.js';
import { WebhookEndpointsClient } from './application/webhook-endpoints-client.port.js';
import type { GatewayConfig } from './config.js';
import { mcpResource } from './mcp.module.js';

/** The door of the gateway: what it knows about callers, and the routes that administer them. */
export interface CallerParts {
  readonly directory: IdentityDirectory;
  readonly quotas: DoorQuotas;
  readonly broker: AuthBrokerClient;
  readonly guard: (fastify: FastifyInstance) => void;
  /** Begins the reports on used keys. */
  readonly start: () => void;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** The auth broker keeps the last use of a key to about a minute. */
const reportUsesEveryMs = 60_000;

/** Binds the ports of the door to adapters. */
export function composeCallers(
  config: GatewayConfig,
  logger: Logger,
  open: OpenResources,
  stop: AbortSignal,
): CallerParts {
  const clock = systemClock;
  const directory = new IdentityDirectory(config.environment);
  const quotas = new DoorQuotas(directory, clock);
  const address = { url: config.authBrokerUrl, serviceKey: config.serviceKey };
  const broker = new BrokerAdministration(address);
  const webhooks = new WebhookEndpointsApi({ ...address, url: config.webhooksUrl }, stop);
  const uses = new KeyUses(broker);
  const userTokens = new UserTokens(directory);
  return {
    directory,
    quotas,
    broker,
    guard: (fastify) =>
      guardCallers(fastify, {
        directory,
        userTokens,
        quotas,
        uses,
        clock,
        mcpResource: mcpResource(config),
      }),
    start() {
      open.use(
        new Repeater({
          run: () => uses.flush(),
          everyMs: reportUsesEveryMs,
          onError: (err) => logger.warn({ err }, 'the auth broker did not take the report on used keys'),
        }),
      );
    },
    controllers: [
      KeysController,
      TenantsController,
      SwitchesController,
      PoliciesController,
      WebhookEndpointsController,
      MeController,
      ConnectSessionsController,
      ConnectPagesController,
      ProvidersController,
      IntegrationsController,
      ConnectionsController,
    ],
    providers: [
      { provide: AuthBrokerClient, useValue: broker },
      { provide: WebhookEndpointsClient, useValue: webhooks },
      { provide: CallerDirectory, useValue: directory },
      { provide: ConnectBroker, useValue: new BrokerConnect(address, stop) },
      { provide: ConnectAddresses, useValue: new ConnectAddresses(config.serviceKey, clock) },
    ],
  };
}
