import { purposeKey } from '@action-mesh/connections';
import { TokenLeased, TokenRequested } from '@action-mesh/contracts/auth-broker';
import { topics } from '@action-mesh/contracts';
import { KafkaProducer, KafkaTransport } from '@action-mesh/messaging';
import {
  LogBudget,
  Repeater,
  traceFields,
  type Logger,
  type OpenResources,
  type TraceFields,
} from '@action-mesh/platform';
import { providers as knownProviders } from '@action-mesh/providers';
import type { Provider, Type } from '@nestjs/common';

import { AnswerTokenRequest } from './adapters/kafka/answer-token-request.js';
import { DroppedRecords } from './adapters/kafka/dropped-records.js';
import { TokenRequestsController } from './adapters/kafka/token-requests.controller.js';
import { PostgresRefreshStore } from './adapters/postgres/connections/postgres-refresh-store.js';
import type { ConnectLinks } from './application/connections/connect-links.port.js';
import { ConnectionUses } from './application/connections/connection-uses.js';
import { GetCredential } from './application/connections/get-credential.js';
import { IntegrationBreaker } from './application/connections/integration-breaker.js';
import type { Integrations } from './application/connections/integrations.port.js';
import { KeepAlive } from './application/connections/keep-alive.js';
import { LeaseRefusals } from './application/connections/lease-refusals.js';
import type { OAuthClient } from './application/connections/oauth-client.port.js';
import { PersistCredential } from './application/connections/persist-credential.js';
import { RedeemRefresh } from './application/connections/redeem-refresh.js';
import { RefreshConnection } from './application/connections/refresh-connection.js';
import type { RefreshWatch } from './application/connections/refresh-watch.port.js';
import { RevokeConnections } from './application/connections/revoke-connections.js';
import type { AuthBrokerConfig } from './config.js';
import type { ConnectionParts } from './connections.module.js';

const flushUsesEveryMs = 10_000;
const revokeEveryMs = 2_000;
const keepAliveEveryMs = 10 * 60_000;
const linesPerMinute = 5;
/** An executor gives up a request long before. */
const answerWithinMs = 20_000;

interface CredentialNeeds {
  readonly config: AuthBrokerConfig;
  readonly logger: Logger;
  readonly open: OpenResources;
  readonly connections: ConnectionParts;
  readonly integrations: Integrations;
  readonly oauth: OAuthClient;
  readonly links: ConnectLinks;
  readonly watch: RefreshWatch;
}

/** The way of credentials to executors, ready for Nest. */
export interface CredentialService {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  /** Takes the requests of executors. */
  readonly server: KafkaTransport;
}

/** Binds refreshes, revocations, and the answers to executors. */
export function composeCredentials(needs: CredentialNeeds): CredentialService {
  const { config, logger, open, connections, integrations, oauth, links, watch } = needs;
  const { vault, pool, publisher } = connections;
  const refreshes = new PostgresRefreshStore(pool, (changes) => publisher.committed(changes));
  const lines = linesOf(logger, open);
  const stopping = open.add(new AbortController(), (used) => used.abort());
  const refresh = open.add(
    new RefreshConnection({
      connections: connections.connections,
      refreshes,
      watch,
      redeem: new RedeemRefresh({
        connections: connections.connections,
        refreshes,
        vault,
        oauth,
        breaker: new IntegrationBreaker(integrations),
        persist: new PersistCredential({
          connections: connections.connections,
          refreshes,
          vault,
          signal: stopping.signal,
          onOrphaned: (connection_id) =>
            logger.error(
              { connection_id },
              'a refresh outlived its lease; its new credential is in the side table',
            ),
          onError: (connection_id, err) =>
            lines.failed.add({ connection_id, err, what: 'a new credential could not be stored yet' }),
        }),
        onUnknown: (connection_id, error, trace) =>
          logger.warn(
            { connection_id, error, ...traceFields(trace) },
            'a provider answered a refresh with an unknown error',
          ),
      }),
    }),
    // The stop aborts the repetitions of commits first.
    (used) => {
      stopping.abort();
      return used.idle();
    },
  );
  const uses = new ConnectionUses(connections.connections);
  open.add(uses, (used) => used.flush());
  const getCredential = new GetCredential({
    connections: connections.connections,
    refreshes,
    integrations,
    vault,
    refresh,
    refusals: new LeaseRefusals(links),
    onUse: (id) => uses.note(id),
    onError: (err, trace, callId) =>
      lines.failed.add({ err, ...traceFields(trace, callId), what: 'a request for a credential failed' }),
  });
  const revoke = new RevokeConnections({
    disconnections: connections.disconnections,
    integrations,
    oauth,
    vault,
    onError: (connection_id, err) =>
      lines.failed.add({ connection_id, err, what: 'a connection could not be revoked yet' }),
  });
  const keepAlive = new KeepAlive({
    idle: refreshes,
    integrations,
    refresh,
    vault,
    providers: knownProviders,
    onError: (connection_id, err) =>
      lines.failed.add({ connection_id, err, what: 'an idle connection could not be refreshed' }),
  });
  for (const [run, everyMs, what] of [
    [() => uses.flush(), flushUsesEveryMs, 'uses of connections could not be written'],
    [() => revoke.run(), revokeEveryMs, 'connections could not be revoked'],
    [() => keepAlive.run(), keepAliveEveryMs, 'idle connections could not be refreshed'],
  ] as const)
    open.use(new Repeater<unknown>({ run, everyMs, onError: (err) => lines.failed.add({ err, what }) }));
  const { server, answer } = openTokenServer(config, open, getCredential, lines);
  return {
    controllers: [TokenRequestsController],
    providers: [
      { provide: GetCredential, useValue: getCredential },
      { provide: AnswerTokenRequest, useValue: answer },
    ],
    server,
  };
}

type Lines = ReturnType<typeof linesOf>;

function openTokenServer(
  { kafka: client, serviceKey }: AuthBrokerConfig,
  open: OpenResources,
  getCredential: GetCredential,
  lines: Lines,
): { readonly server: KafkaTransport; readonly answer: AnswerTokenRequest } {
  const producer = open.add(new KafkaProducer({ client, topics: [TokenLeased.topic] }), (used) =>
    used.close(),
  );
  const answer = new AnswerTokenRequest({
    getCredential,
    producer,
    requestKey: purposeKey(serviceKey, 'token-request'),
    leaseKey: purposeKey(serviceKey, 'token-lease'),
    onRefused: () => lines.refused.add({}),
    onError: (err, trace, callId) =>
      lines.failed.add({ err, ...traceFields(trace, callId), what: 'a lease could not be sent' }),
  });
  const server = new KafkaTransport({
    client,
    groupId: 'auth-broker',
    // Requests are of use for a minute.
    fromBeginning: false,
    handlerTimeoutMs: answerWithinMs,
    // A request must not stay readable, so an unreadable one leaves no dead letter (TR3).
    deadLetters: {
      topic: topics.deadLetters.name,
      producer: new DroppedRecords(() => lines.refused.add({})),
    },
  });
  return { server, answer };
}

interface FailedLine extends TraceFields {
  readonly what: string;
  readonly connection_id?: string;
  readonly err: unknown;
}

function linesOf(logger: Logger, open: OpenResources) {
  const budget = { most: linesPerMinute, everyMs: 60_000 };
  const refused = new LogBudget<object>({
    ...budget,
    line: () =>
      logger.warn(
        { topic: TokenRequested.topic },
        'a request for a credential was dropped: it is forged, older than 60 s, or unreadable; is MESH_SERVICE_KEY the same everywhere?',
      ),
    rest: (count) => logger.warn({ count }, 'more requests for credentials were dropped'),
  });
  const failed = new LogBudget<FailedLine>({
    ...budget,
    line: ({ what, ...fields }) => logger.warn(fields, what),
    rest: (count) => logger.warn({ count }, 'more work on connections failed'),
  });
  for (const line of [refused, failed]) open.add(line, (used) => used.close());
  return { refused, failed };
}
