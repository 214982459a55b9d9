import type { ChangedConnection } from '@action-mesh/contracts/auth-broker';
import { createPool } from '@action-mesh/postgres';
import { defineProvider, type OAuth2Auth, type ProviderDefinition } from '@action-mesh/providers';
import type { Pool } from 'pg';

import { PostgresConnectionStore } from '../src/adapters/postgres/connections/postgres-connection-store.js';
import { PlainVault } from '../src/application/connections/plain-vault.fake.js';
import type { NewCredential } from '../src/application/connections/save-connection.port.js';
import { SaveNewConnection } from '../src/application/connections/save-connection.js';
import { BrokerHarness } from './broker-harness.js';

/** A provider with a behaviour of its own for one test. */
export function stageProvider(
  refresh: NonNullable<OAuth2Auth['refresh']> = { rotates: 'always' },
): ProviderDefinition {
  return defineProvider({
    id: 'stage',
    name: 'Stage',
    auth: {
      kind: 'oauth2',
      authorizationUrl: 'https://stage.example.com/authorize',
      tokenUrl: 'https://stage.example.com/token',
      refresh,
    },
    hosts: ['api.stage.example.com'],
    credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
    sources: [{ fact: 'a provider of tests', url: 'https://stage.example.com/docs', checked: '2026-11-30' }],
  });
}

/** A database with two tenants, and the stores of connections on it. */
export class ConnectionStage implements AsyncDisposable {
  readonly mesh: BrokerHarness;
  readonly pool: Pool;
  readonly vault = new PlainVault();
  /** All changes in the order of their commits. */
  readonly changes: ChangedConnection[] = [];
  readonly onCommitted = (changes: readonly { readonly value: ChangedConnection }[]): void => {
    this.changes.push(...changes.map(({ value }) => value));
  };
  readonly store: PostgresConnectionStore;
  readonly save: SaveNewConnection;

  private constructor(mesh: BrokerHarness, pool: Pool) {
    this.mesh = mesh;
    this.pool = pool;
    this.store = new PostgresConnectionStore(pool, this.onCommitted);
    const providers = new Map([['stage', stageProvider()]]);
    this.save = new SaveNewConnection({ connections: this.store, vault: this.vault, providers });
  }

  static async start(maxConnections = 10): Promise<ConnectionStage> {
    const mesh = await BrokerHarness.start();
    // The start makes the schema.
    await (await mesh.broker()).close();
    const pool = createPool({
      url: mesh.database.url,
      schema: 'auth_broker',
      role: 'service',
      applicationName: 'connection-stage',
      maxConnections,
    });
    // The leak check counts connections, so all of them are open before the first test.
    const clients = await Promise.all(Array.from({ length: maxConnections }, () => pool.connect()));
    for (const client of clients) client.release();
    await pool.query(
      `INSERT INTO tenant (tenant_id, created_at) VALUES ('acme', now()), ('globex', now()) ON CONFLICT DO NOTHING`,
    );
    await pool.query(
      `INSERT INTO integration (tenant_id, integration, provider, scopes, serves, hosts, settings, return_origins, updated_at, updated_by)
       SELECT tenant, name, 'stage', '{}', '{}', '{}', '{}', '{}', now(), 'test'
         FROM unnest(ARRAY['acme', 'globex']) AS tenant, unnest(ARRAY['stage', 'other']) AS name`,
    );
    return new ConnectionStage(mesh, pool);
  }

  /** Saves a connection of ada at the integration `stage`, and returns its id. */
  async connect(changes: Partial<NewCredential> = {}): Promise<string> {
    const saved = await this.save.run({
      tenantId: 'acme',
      userId: 'ada',
      integration: 'stage',
      provider: 'stage',
      credential: { kind: 'oauth2', accessToken: 'access-1', refreshToken: 'refresh-1' },
      expiresInMs: 3_600_000,
      allowOtherAccount: false,
      ...changes,
    });
    if (saved.kind !== 'saved') throw new Error(`not saved: ${saved.kind}`);
    return saved.connectionId;
  }

  /** Sets columns of all connections: `expires_at = clock_timestamp()`. */
  async set(columns: string): Promise<void> {
    await this.pool.query(`UPDATE connection SET ${columns}`);
  }

  /** The changes since the last look, without the creation. */
  seen(): string[] {
    return this.changes.splice(0).map(({ change }) => change);
  }

  async reset(): Promise<void> {
    await this.pool.query('DELETE FROM orphan_credential');
    await this.pool.query('DELETE FROM connection_event');
    await this.pool.query('DELETE FROM connection');
    this.changes.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.end();
    await this.mesh[Symbol.asyncDispose]();
  }
}
