import { topics } from '@action-mesh/contracts';
import {
  identityKey,
  IdentityPublished,
  integrationKey,
  IntegrationPublished,
  policyKey,
  PolicyPublished,
} from '@action-mesh/contracts/auth-broker';
import { systemClock, type EventDefinition } from '@action-mesh/kernel';
import { CompactedTopic, encodeEvent, KafkaProducer, type EventSchema } from '@action-mesh/messaging';
import { Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import { providers } from '@action-mesh/providers';
import type { Pool } from 'pg';

import {
  eventSource,
  KafkaPublishedTopic,
  type KafkaPublishedTopicParts,
} from './adapters/kafka/kafka-published-topic.js';
import { PostgresIntegrationRecord } from './adapters/postgres/integrations/postgres-integration-record.js';
import { PostgresPolicyRecord } from './adapters/postgres/policies/postgres-policy-record.js';
import { PostgresIdentityRecord } from './adapters/postgres/postgres-identity-record.js';
import { PublishIntegrations } from './application/integrations/publish-integrations.js';
import { PublishPolicies } from './application/policies/publish-policies.js';
import { PublishIdentities } from './application/publish-identities.js';
import type { PublishedTopic } from './application/published-topic.port.js';
import type { AuthBrokerConfig } from './config.js';

const publishEveryMs = 3_000;
/** The time within which a record of another writer leads to a comparison with the record, milliseconds. */
const compareWithinMs = 250;
/** The server ends an idle transaction after 10 s. A publication sends within one, after up to 3 s of reading. */
const deliveryTimeoutMs = 5_000;

/** The topics that equal a record of the broker. */
export interface Publications {
  readonly publishIdentities: PublishIdentities;
  readonly publishIntegrations: PublishIntegrations;
  readonly publishPolicies: PublishPolicies;
}

interface PublicationParts {
  readonly config: AuthBrokerConfig;
  readonly logger: Logger;
  readonly open: OpenResources;
  readonly pool: Pool;
}

/** Opens the topics of identities, integrations and policies, and keeps them equal to the record. */
export function openPublications(parts: PublicationParts): Publications {
  const { config, open, pool } = parts;
  const producer = open.add(
    new KafkaProducer({
      client: config.kafka,
      topics: [topics.identity.name, topics.integrations.name, topics.policies.name],
      deliveryTimeoutMs,
    }),
    (used) => used.close(),
  );
  const publishIdentities = openPublication(parts, producer, {
    topic: IdentityPublished.topic,
    view: follow(parts, IdentityPublished),
    keyOf: identityKey,
    encode: (identity) => encodeEvent(IdentityPublished, identity, { source: eventSource }),
    publishOn: (topic) => new PublishIdentities(new PostgresIdentityRecord(pool, systemClock), topic),
  });
  const publishIntegrations = openPublication(parts, producer, {
    topic: IntegrationPublished.topic,
    view: follow(parts, IntegrationPublished),
    keyOf: integrationKey,
    encode: (integration) => encodeEvent(IntegrationPublished, integration, { source: eventSource }),
    publishOn: (topic) => new PublishIntegrations(new PostgresIntegrationRecord(pool, providers), topic),
  });
  const publishPolicies = openPublication(parts, producer, {
    topic: PolicyPublished.topic,
    view: follow(parts, PolicyPublished),
    keyOf: policyKey,
    encode: (policy) => encodeEvent(PolicyPublished, policy, { source: eventSource }),
    publishOn: (topic) => new PublishPolicies(new PostgresPolicyRecord(pool), topic),
  });
  return { publishIdentities, publishIntegrations, publishPolicies };
}

interface Publication<Value, Publish>
  extends Pick<KafkaPublishedTopicParts<Value>, 'topic' | 'view' | 'keyOf' | 'encode'> {
  readonly publishOn: (topic: PublishedTopic<Value>) => Publish;
}

/**
 * A publication that runs every 3 s. It publishes changes that a Kafka broker refused, deletes values without a record,
 * and repairs records of other writers.
 */
function openPublication<Value extends object, Publish extends { run(): Promise<unknown> }>(
  { logger, open }: PublicationParts,
  producer: KafkaProducer,
  { publishOn, ...topic }: Publication<Value, Publish>,
): Publish {
  const publish = publishOn(
    new KafkaPublishedTopic({
      ...topic,
      producer,
      onForeignChange: () => repeater.wakeWithin(compareWithinMs),
    }),
  );
  const repeater = open.use(
    new Repeater({
      run: () => publish.run(),
      everyMs: publishEveryMs,
      onError: (err) =>
        logger.warn({ err, topic: topic.topic }, 'a record could not be published and will be tried again'),
    }),
  );
  return publish;
}

function follow<Schema extends EventSchema>(
  { config, logger, open }: PublicationParts,
  definition: EventDefinition<Schema>,
): CompactedTopic<Schema> {
  return open.use(
    new CompactedTopic({
      client: config.kafka,
      definition,
      onUndecodable: (err) =>
        logger.error({ err, topic: definition.topic }, 'a published record could not be decoded'),
    }),
  );
}
