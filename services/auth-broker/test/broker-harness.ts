import { callerHeaders, type InternalCaller } from '@action-mesh/contracts';
import { IdentityPublished, roleScopes, type Role } from '@action-mesh/contracts/auth-broker';
import { createDatabase, OwnTopics, type OwnDatabase } from '@action-mesh/devstack';
import { IdentityDirectory } from '@action-mesh/identity';
import { CompactedTopic } from '@action-mesh/messaging';
import type { Environment, RunningService } from '@action-mesh/platform';
import { newVaultKey } from '@action-mesh/vault';

import { authBrokerConfig, startAuthBroker, type AuthBrokerConfig } from '../src/index.js';

/** The key of the internal API in all tests. */
export const serviceKey = 'k'.repeat(48);

/** The answer of the internal API. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Topics and a database for one test file, and brokers on them. */
export class BrokerHarness implements AsyncDisposable {
  readonly database: OwnDatabase;
  readonly kafka: { readonly brokers: readonly string[]; readonly topicPrefix: string };
  /** The key-encryption key of all its brokers. */
  readonly vaultKey = newVaultKey();
  readonly #topics: OwnTopics;

  private constructor(database: OwnDatabase, topics: OwnTopics, brokers: readonly string[]) {
    this.database = database;
    this.#topics = topics;
    this.kafka = { brokers, topicPrefix: topics.prefix };
  }

  static async start(
    brokers: readonly string[] = (process.env['KAFKA_BROKERS'] ?? '').split(','),
  ): Promise<BrokerHarness> {
    const database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
    return new BrokerHarness(database, new OwnTopics(brokers, 'auth-broker'), brokers);
  }

  config(more: Environment = {}): AuthBrokerConfig {
    return authBrokerConfig({
      KAFKA_BROKERS: this.kafka.brokers.join(','),
      KAFKA_TOPIC_PREFIX: this.kafka.topicPrefix,
      DATABASE_URL: this.database.url,
      MESH_SERVICE_KEY: serviceKey,
      AUTH_BROKER_KEYS: this.vaultKey,
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...more,
    });
  }

  broker(more: Environment = {}): Promise<RunningService> {
    return startAuthBroker(this.config(more));
  }

  door(): Promise<Door> {
    return Door.open(this.kafka);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database.drop();
    await this.#topics[Symbol.asyncDispose]();
  }
}

/** A door of the mesh: a directory that follows the topic of identities. */
export class Door implements AsyncDisposable {
  readonly directory = new IdentityDirectory('dev');
  readonly view: CompactedTopic<typeof IdentityPublished.schema>;

  private constructor(kafka: BrokerHarness['kafka']) {
    this.view = new CompactedTopic({ client: { ...kafka, clientId: 'door' }, definition: IdentityPublished });
    this.view.onChange((key, identity) => {
      if (identity === undefined) this.directory.remove(key);
      else this.directory.put(identity);
    });
  }

  static async open(kafka: BrokerHarness['kafka']): Promise<Door> {
    const door = new Door(kafka);
    await door.view.ready;
    door.directory.complete();
    return door;
  }

  opensFor(key: string, use: 'api' | 'publisher' = 'api'): boolean {
    return this.directory.authenticate(key, use, Date.now()).ok;
  }

  /** The topic's keys, without the part after the slash. */
  has(key: string): boolean {
    return this.view.get(key) !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.view.close();
  }
}

/** A caller with all scopes of a role. */
export function roleOf(role: Role, tenantId: string): InternalCaller {
  return { tenantId, holder: `${role} of ${tenantId}`, scopes: new Set(roleScopes[role]) };
}

/** The caller of the platform. */
export const platformCaller = roleOf('platform', 'default');

/** Sends a request to the internal API, as the gateway does. */
export async function askBroker(
  { url }: Pick<RunningService, 'url'>,
  caller: InternalCaller,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${url}/internal${path}`, {
    method,
    headers: {
      'x-mesh-service-key': serviceKey,
      ...callerHeaders(caller),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** Creates a key and returns its id and text. */
export async function created(
  broker: Pick<RunningService, 'url'>,
  caller: InternalCaller,
  request: Readonly<Record<string, unknown>>,
  path = '/keys',
): Promise<{ readonly id: string; readonly key: string }> {
  const { status, body } = await askBroker(broker, caller, 'POST', path, request);
  if (status !== 201) throw new Error(`no key was created: ${JSON.stringify(body)}`);
  return { id: String(body['id']), key: String(body['key']) };
}
