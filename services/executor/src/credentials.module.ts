import { KafkaTokenExchange, LeaseClient } from '@action-mesh/connections/client';
import type { ChangedConnection } from '@action-mesh/contracts/auth-broker';
import type { Clock } from '@action-mesh/kernel';
import { traceFields, type Logger, type OpenResources } from '@action-mesh/platform';
import type { Spans } from '@action-mesh/telemetry/port';

import { ConnectionFollower } from './adapters/kafka/connection-follower.js';
import type { IntegrationTopicView } from './adapters/kafka/integration-topic-view.js';
import { WatchedLeases } from './adapters/telemetry/watched-leases.js';
import { CallCredentials } from './application/call-credentials.js';
import type { AuthChange } from './application/awaiting-calls.port.js';
import type { ExecutorConfig } from './config.js';

/** Changes after which a user has a good connection. */
const opening: ReadonlySet<ChangedConnection['change']> = new Set(['created', 'recovered', 'made_default']);

export interface CredentialOptions {
  readonly config: ExecutorConfig;
  readonly integrations: IntegrationTopicView;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly spans: Spans;
  /** Called for each change that may end the wait of calls. */
  readonly onAuthChanged: (change: AuthChange) => void;
}

/** Opens the way to the brokers, and follows the changes of connections. `open` closes both. */
export async function openCredentials(
  { config, integrations, clock, logger, spans, onAuthChanged }: CredentialOptions,
  open: OpenResources,
): Promise<CallCredentials> {
  const exchange = open.use(
    await KafkaTokenExchange.open({
      client: config.kafka,
      serviceKey: config.serviceKey,
      source: '/services/executor',
      clock,
      onFault: (fault) => logger.warn({ fault }, 'a lease of a credential was not used'),
      onError: (err, callId, trace) =>
        logger.warn({ err, ...traceFields(trace, callId) }, 'a credential could not be asked for'),
    }),
  );
  const leases = new LeaseClient({ exchange, clock });
  const follower = open.use(
    new ConnectionFollower({
      client: config.kafka,
      onChanged: (changed) => {
        leases.changed(changed);
        const { tenant_id: tenantId, user_id: userId, integration, change } = changed;
        if (opening.has(change)) onAuthChanged({ tenantId, userId, integration });
      },
      onUndecodable: (err) => logger.error({ err }, 'a change of a connection could not be decoded'),
    }),
  );
  await follower.start();
  integrations.onChanged = ({ tenant_id: tenantId, integration }) => {
    leases.integrationChanged(tenantId, integration);
    onAuthChanged({ tenantId, integration, isNewIntegration: true });
  };
  return new CallCredentials({
    integrations: integrations.directory,
    leases: new WatchedLeases(leases, spans),
    clock,
  });
}
