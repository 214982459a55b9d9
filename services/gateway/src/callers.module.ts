import { IdentityDirectory, UserTokens } from '@action-mesh/identity';
import { systemClock } from '@action-mesh/kernel';
import { Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import type { Provider, Type } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

import { BrokerAdministration } from './adapters/http/broker-administration.js';
import { guardCallers } from './adapters/http/caller-guard.js';
import { KeysController } from './adapters/http/keys.controller.js';
import { CallerDirectory, MeController } from './adapters/http/me.controller.js';
import { SwitchesController } from './adapters/http/switches.controller.js';
import { TenantsController } from './adapters/http/tenants.controller.js';
import { AuthBrokerClient } from './application/auth-broker-client.port.js';
import { DoorQuotas } from './application/door-quotas.js';
import { KeyUses } from './application/key-uses.js';
import type { GatewayConfig } from './config.js';

/** The door of the gateway: what it knows about callers, and the routes that administer them. */
export interface CallerParts {
  readonly directory: IdentityDirectory;
  readonly quotas: DoorQuotas;
  readonly guard: (fastify: FastifyInstance) => void;
  /** Begins the reports on used keys. */
  readonly start: () => void;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** The auth broker keeps the last use of a key to about a minute. */
const reportUsesEveryMs = 60_000;

/** Binds the ports of the door to adapters. */
export function composeCallers(config: GatewayConfig, logger: Logger, open: OpenResources): CallerParts {
  const clock = systemClock;
  const directory = new IdentityDirectory(config.environment);
  const quotas = new DoorQuotas(directory, clock);
  const broker = new BrokerAdministration({ url: config.authBrokerUrl, serviceKey: config.serviceKey });
  const uses = new KeyUses(broker);
  const userTokens = new UserTokens(directory);
  return {
    directory,
    quotas,
    guard: (fastify) => guardCallers(fastify, { directory, userTokens, quotas, uses, clock }),
    start() {
      open.use(
        new Repeater({
          run: () => uses.flush(),
          everyMs: reportUsesEveryMs,
          onError: (err) => logger.warn({ err }, 'the auth broker did not take the report on used keys'),
        }),
      );
    },
    controllers: [KeysController, TenantsController, SwitchesController, MeController],
    providers: [
      { provide: AuthBrokerClient, useValue: broker },
      { provide: CallerDirectory, useValue: directory },
    ],
  };
}
