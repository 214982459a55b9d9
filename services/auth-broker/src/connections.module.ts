import { topics } from '@action-mesh/contracts';
import { KafkaProducer } from '@action-mesh/messaging';
import { Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import { createPool } from '@action-mesh/postgres';
import { providers as knownProviders } from '@action-mesh/providers';
import { openDataKeys } from '@action-mesh/vault';
import type { Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { ConnectionChangePublisher } from './adapters/kafka/connection-change-publisher.js';
import { PostgresConnectionChanges } from './adapters/postgres/connections/postgres-connection-changes.js';
import { PostgresConnectionStore } from './adapters/postgres/connections/postgres-connection-store.js';
import { PostgresDisconnections } from './adapters/postgres/connections/postgres-disconnections.js';
import { EnvelopeVault } from './adapters/vault/envelope-vault.js';
import { ConnectionStore } from './application/connections/connection-store.port.js';
import { Disconnections } from './application/connections/disconnections.port.js';
import { SaveConnection } from './application/connections/save-connection.port.js';
import { SaveNewConnection } from './application/connections/save-connection.js';
import { Vault } from './application/connections/vault.port.js';
import type { AuthBrokerConfig } from './config.js';

const schema = 'auth_broker';
const sweepEveryMs = 5_000;

/** The parts of the broker around connections. */
export interface ConnectionParts {
  /** The pool for connections alone, so no other work delays a lease. */
  readonly pool: Pool;
  readonly vault: Vault;
  readonly connections: ConnectionStore;
  readonly disconnections: Disconnections;
  readonly publisher: ConnectionChangePublisher;
  readonly saveConnection: SaveConnection;
  readonly providers: readonly Provider[];
}

/** Opens the vault and everything that needs it. Rejects when the keys of the vault do not fit to the database. */
export async function openConnections(
  config: AuthBrokerConfig,
  logger: Logger,
  open: OpenResources,
): Promise<ConnectionParts> {
  const pool = open.add(
    createPool({
      url: config.databaseUrl,
      schema,
      role: 'service',
      applicationName: 'auth-broker-connections',
      maxConnections: 10,
    }),
    (used) => used.end(),
  );
  const vault = new EnvelopeVault(await openDataKeys(config.vault, pool, logger, open));
  const publisher = openPublisher(config, logger, open, pool);
  const connections = new PostgresConnectionStore(pool, (changes) => publisher.committed(changes));
  const disconnections = new PostgresDisconnections(pool, (changes) => publisher.committed(changes));
  const saveConnection = new SaveNewConnection({ connections, vault, providers: knownProviders });
  return {
    pool,
    vault,
    connections,
    disconnections,
    publisher,
    saveConnection,
    providers: [
      { provide: Vault, useValue: vault },
      { provide: ConnectionStore, useValue: connections },
      { provide: Disconnections, useValue: disconnections },
      { provide: SaveConnection, useValue: saveConnection },
    ],
  };
}

/** Opens the way of changes to `mesh.connections`. */
function openPublisher(
  { kafka: client }: AuthBrokerConfig,
  logger: Logger,
  open: OpenResources,
  pool: Pool,
): ConnectionChangePublisher {
  const producer = open.add(new KafkaProducer({ client, topics: [topics.connections.name] }), (used) =>
    used.close(),
  );
  const onError = (err: unknown): void =>
    logger.warn({ err }, 'changes of connections could not be published and will be tried again');
  const publisher = open.add(
    new ConnectionChangePublisher(new PostgresConnectionChanges(pool), producer, onError),
    (used) => used.idle(),
  );
  open.use(new Repeater({ run: () => publisher.sweep(), everyMs: sweepEveryMs, onError }));
  return publisher;
}
