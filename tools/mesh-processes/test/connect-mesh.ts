import { authBrokerConfig, startAuthBroker } from '@action-mesh/auth-broker';
import { createDatabase, OwnTopics, type OwnDatabase } from '@action-mesh/devstack';
import { gatewayConfig, startGateway } from '@action-mesh/gateway';
import { newKeyText } from '@action-mesh/identity';
import type { RunningService } from '@action-mesh/platform';
import { waitFor, type AuthorizationServer, type QuirkServer } from '@action-mesh/testing';
import { newVaultKey } from '@action-mesh/vault';
import pg from 'pg';

import { freeLoopbackPort } from '../src/free-loopback-port.js';

/** The answer of an API to a program. */
export interface ProgramAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The origin of the program that connects accounts of its users. */
export const appOrigin = 'http://127.0.0.1:9';
const nowhere = 'http://127.0.0.1:9';

interface Running {
  readonly database: OwnDatabase;
  readonly topics: OwnTopics;
  readonly broker: RunningService;
  readonly gateway: RunningService;
  readonly key: string;
}

/** A gateway and an auth broker with a real database and a real Kafka, for tests of the connect flow. */
export class ConnectMesh implements AsyncDisposable {
  readonly url: string;
  readonly #running: Running;
  #isBrokerClosed = false;

  private constructor(url: string, running: Running) {
    this.url = url;
    this.#running = running;
  }

  /** `egressAllow`: the hosts of the authorization servers. */
  static async start(egressAllow: readonly string[]): Promise<ConnectMesh> {
    const brokers = process.env['KAFKA_BROKERS'] ?? '';
    const database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
    const topics = new OwnTopics(brokers.split(','), 'connect');
    const port = await freeLoopbackPort();
    const url = `http://127.0.0.1:${port}`;
    const key = newKeyText('api', 'dev');
    const environment = {
      KAFKA_BROKERS: brokers,
      KAFKA_TOPIC_PREFIX: topics.prefix,
      DATABASE_URL: database.url,
      MESH_SERVICE_KEY: 'k'.repeat(48),
      MESH_PUBLIC_URL: url,
      AUTH_BROKER_KEYS: newVaultKey(),
      AUTH_BROKER_PLATFORM_KEY: key,
      EGRESS_ALLOW: egressAllow.join(','),
      LOG_LEVEL: 'silent',
      EXECUTOR_URL: nowhere,
      CATALOG_URL: nowhere,
      RATE_GOVERNOR_URL: nowhere,
      WEBHOOKS_URL: nowhere,
    };
    const broker = await startAuthBroker(authBrokerConfig({ ...environment, PORT: '0' }));
    const gateway = await startGateway(
      gatewayConfig({ ...environment, PORT: String(port), AUTH_BROKER_URL: broker.url }),
    );
    const mesh = new ConnectMesh(url, { database, topics, broker, gateway, key });
    await waitFor(async () => (await mesh.ask('GET', '/v1/me')).status === 200, { what: 'the key' });
    return mesh;
  }

  /** Sets up a provider with metadata for the tenant `default`, as a public client. */
  async addIntegration(
    name: string,
    server: Pick<AuthorizationServer | QuirkServer, 'url' | 'host'>,
    clientId: string,
  ): Promise<void> {
    await this.query(
      `INSERT INTO integration (tenant_id, integration, provider, client_id, scopes, serves, hosts, settings, return_origins,
         updated_at, updated_by)
       VALUES ('default', $1, 'oauth2', $2, $3, '{}', $4, $5, $6, now(), 'test')`,
      [
        name,
        clientId,
        ['openid', 'offline_access', 'api:read'],
        [server.host],
        { issuer: server.url },
        [appOrigin],
      ],
    );
  }

  /** Sets up a provider with users that enter a name and a password. */
  async addFieldsIntegration(name: string): Promise<void> {
    await this.query(
      `INSERT INTO integration (tenant_id, integration, provider, scopes, serves, hosts, settings, return_origins, updated_at,
         updated_by)
       VALUES ('default', $1, 'basic', '{}', '{}', $2, '{}', $3, now(), 'test')`,
      [name, ['127.0.0.1:9'], [appOrigin]],
    );
  }

  /** Reads or writes the record of the auth broker, as its service. */
  async query(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.#running.database.url });
    await client.connect();
    try {
      await client.query('SET search_path = auth_broker');
      await client.query('SET ROLE auth_broker_service');
      const { rows } = await client.query<Record<string, unknown>>(text, [...values]);
      return rows;
    } finally {
      await client.end();
    }
  }

  async ask(method: string, path: string, body?: unknown, key = this.#running.key): Promise<ProgramAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as ProgramAnswer['body']) };
  }

  /** Begins a session and returns its id and the path of its page. */
  async session(
    request: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly id: string; readonly path: string }> {
    const { status, body } = await this.ask('POST', '/v1/connect-sessions', request);
    if (status !== 201) throw new Error(`no session was made: ${JSON.stringify(body)}`);
    return { id: String(body['id']), path: new URL(String(body['url'])).pathname };
  }

  async closeBroker(): Promise<void> {
    this.#isBrokerClosed = true;
    await this.#running.broker.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { database, topics, broker, gateway } = this.#running;
    await gateway.close();
    if (!this.#isBrokerClosed) await broker.close();
    await database.drop();
    await topics[Symbol.asyncDispose]();
  }
}
