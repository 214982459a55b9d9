import { createDatabase, OwnTopics, type OwnDatabase } from '@action-mesh/devstack';
import type { Environment, RunningService } from '@action-mesh/platform';
import { newVaultKey } from '@action-mesh/vault';

import { startWebhooks, webhooksConfig, type WebhooksConfig } from '../src/index.js';

/** The key of the internal API in all tests. */
export const internalKey = 'k'.repeat(48);

/** A place for the service: topics and a database of its own. */
export class WebhooksHarness implements AsyncDisposable {
  readonly database: OwnDatabase;
  readonly topics: OwnTopics;
  readonly vaultKey = newVaultKey();

  private constructor(database: OwnDatabase, topics: OwnTopics) {
    this.database = database;
    this.topics = topics;
  }

  static async start(): Promise<WebhooksHarness> {
    const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
    const database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_webhooks');
    return new WebhooksHarness(database, new OwnTopics(brokers, 'webhooks'));
  }

  config(variables: Environment = {}): WebhooksConfig {
    return webhooksConfig({
      KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
      KAFKA_TOPIC_PREFIX: this.topics.prefix,
      DATABASE_URL: this.database.url,
      MESH_SERVICE_KEY: internalKey,
      WEBHOOKS_KEYS: this.vaultKey,
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...variables,
    });
  }

  service(variables: Environment = {}): Promise<RunningService> {
    return startWebhooks(this.config(variables));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.topics[Symbol.asyncDispose]();
    await this.database.drop();
  }
}
