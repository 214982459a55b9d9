import { purposeKey } from '@action-mesh/connections';
import { systemClock, type Clock } from '@action-mesh/kernel';
import { Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import type { BeforeApplicationShutdown, Provider, Type } from '@nestjs/common';
import type { Pool } from 'pg';

import { ConnectAddress } from './adapters/http/connect/connect-address.js';
import { InternalConnectLinksController } from './adapters/http/connect/internal-connect-links.controller.js';
import { InternalConnectPagesController } from './adapters/http/connect/internal-connect-pages.controller.js';
import { InternalConnectSessionsController } from './adapters/http/connect/internal-connect-sessions.controller.js';
import { PostgresConnectSessionStore } from './adapters/postgres/postgres-connect-session-store.js';
import { PostgresConnectionLookup } from './adapters/postgres/postgres-connection-lookup.js';
import { CompleteConnectSession } from './application/connect-sessions/complete-connect-session.js';
import { ConfirmConnection } from './application/connect-sessions/confirm-connection.js';
import type { ConnectParts } from './application/connect-sessions/connect-parts.js';
import { CreateConnectSession } from './application/connect-sessions/create-connect-session.js';
import { EnterFields } from './application/connect-sessions/enter-fields.js';
import { FinishConsent } from './application/connect-sessions/finish-consent.js';
import { FollowConnectLink } from './application/connect-sessions/follow-connect-link.js';
import { HoldCredential } from './application/connect-sessions/hold-credential.js';
import { OpenConnectPage } from './application/connect-sessions/open-connect-page.js';
import { RevokeAbandoned } from './application/connect-sessions/revoke-abandoned.js';
import { SessionWatch } from './application/connect-sessions/session-watch.js';
import { ShowConnectSession } from './application/connect-sessions/show-connect-session.js';
import { SignedConnectLinks } from './application/connect-sessions/signed-connect-links.js';
import { StartConsent } from './application/connect-sessions/start-consent.js';
import { SweepConnectSessions } from './application/connect-sessions/sweep-connect-sessions.js';
import type { ConnectLinks } from './application/connections/connect-links.port.js';
import { publicAddress } from './domain/connect-sessions/public-address.js';

/** The parts of the broker that the connect flow works with. */
export interface ConnectNeeds
  extends Pick<ConnectParts, 'integrations' | 'oauth' | 'saveConnection' | 'vault' | 'watch'> {
  readonly pool: Pool;
  readonly serviceKey: string;
  /** The origin of the gateway, as browsers see it. */
  readonly publicUrl: string;
  readonly logger: Logger;
  readonly open: OpenResources;
  readonly clock?: Clock;
}

/** The connect flow, ready for Nest. */
export interface ConnectFlow {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

const sweepEveryMs = 10_000;

/** The links for waiting calls. They need nothing of the connect flow. */
export function connectLinks(
  publicUrl: string,
  serviceKey: string,
  clock: Clock = systemClock,
): ConnectLinks {
  return new SignedConnectLinks(publicUrl, purposeKey(serviceKey, 'connect-link'), clock);
}

/** Binds the use cases behind the connect pages and the connect sessions. */
export function composeConnectFlow({
  pool,
  serviceKey,
  publicUrl,
  logger,
  open,
  clock = systemClock,
  ...ports
}: ConnectNeeds): ConnectFlow {
  const parts: ConnectParts = {
    ...ports,
    sessions: new PostgresConnectSessionStore(pool),
    connections: new PostgresConnectionLookup(pool),
    address: publicAddress(publicUrl),
    tokenKey: purposeKey(serviceKey, 'connect-token'),
    linkKey: purposeKey(serviceKey, 'connect-link'),
    clock,
  };
  const watch = open.use(new SessionWatch(parts.sessions));
  const revokeAbandoned = new RevokeAbandoned(parts);
  const hold = new HoldCredential(parts);
  const startConsent = new StartConsent(parts, revokeAbandoned);
  const sweep = new SweepConnectSessions(parts, revokeAbandoned, (err) =>
    logger.warn({ err }, 'the credential of an abandoned connect session could not be ended'),
  );
  open.use(
    new Repeater({
      run: () => sweep.run(),
      everyMs: sweepEveryMs,
      onError: (err) => logger.warn({ err }, 'connect sessions could not be swept and will be again'),
    }),
  );
  // A waiting caller would otherwise hold up the shutdown for a minute.
  const answerWaiting: BeforeApplicationShutdown = { beforeApplicationShutdown: () => watch.close() };
  return {
    controllers: [
      InternalConnectSessionsController,
      InternalConnectPagesController,
      InternalConnectLinksController,
    ],
    providers: [
      { provide: ConnectAddress, useValue: parts.address },
      { provide: CreateConnectSession, useValue: new CreateConnectSession(parts) },
      { provide: ShowConnectSession, useValue: new ShowConnectSession(parts.sessions, watch, clock) },
      { provide: CompleteConnectSession, useValue: new CompleteConnectSession(parts) },
      { provide: OpenConnectPage, useValue: new OpenConnectPage(parts) },
      { provide: StartConsent, useValue: startConsent },
      { provide: EnterFields, useValue: new EnterFields(parts, hold) },
      { provide: ConfirmConnection, useValue: new ConfirmConnection(parts, revokeAbandoned) },
      { provide: FinishConsent, useValue: new FinishConsent(parts, hold) },
      { provide: FollowConnectLink, useValue: new FollowConnectLink(parts, startConsent) },
      { provide: 'waiting callers of connect sessions', useValue: answerWaiting },
    ],
  };
}
