import { ToolkitPublished, ToolPublished } from '@action-mesh/contracts/catalog';
import { CompactedTopic } from '@action-mesh/messaging';
import type { Logger, OpenResources } from '@action-mesh/platform';

import { CredentialCheck } from './adapters/credential-check.js';
import { IdentityTopicView } from './adapters/kafka/identity-topic-view.js';
import { IntegrationTopicView } from './adapters/kafka/integration-topic-view.js';
import { LimitTopicView } from './adapters/kafka/limit-topic-view.js';
import { PolicyTopicView } from './adapters/kafka/policy-topic-view.js';
import { ToolTopicView } from './adapters/kafka/tool-topic-view.js';
import type { ExecutorConfig } from './config.js';
import { findCredential, type FindCredential } from './domain/static-credential.js';

/** The control plane as the executor holds it in memory. */
export interface TopicViews {
  readonly tools: ToolTopicView;
  readonly limits: LimitTopicView;
  readonly identities: IdentityTopicView;
  readonly integrations: IntegrationTopicView;
  readonly policies: PolicyTopicView;
  readonly credentialFor: FindCredential;
}

/**
 * Follows the topics of tools, toolkits, limits, identities, integrations and policies. Resolves when all of them have
 * been read to their ends, so no call runs before.
 */
export async function openTopicViews(
  config: ExecutorConfig,
  logger: Logger,
  open: OpenResources,
): Promise<TopicViews> {
  const topic = open.add(
    new CompactedTopic({
      client: config.kafka,
      definition: ToolPublished,
      onUndecodable: (err) => logger.error({ err }, 'a tool could not be decoded'),
      onListenerError: (err) => logger.error({ err }, 'a tool could not be used'),
    }),
    (used) => used.close(),
  );
  const toolkits = open.use(
    new CompactedTopic({
      client: config.kafka,
      definition: ToolkitPublished,
      onUndecodable: (err) => logger.error({ err }, 'a toolkit could not be decoded'),
      onListenerError: (err) => logger.error({ err }, 'a toolkit could not be used'),
    }),
  );
  const limits = open.use(
    new LimitTopicView(config.kafka, (err) => logger.error({ err }, 'a limit could not be decoded')),
  );
  const identities = open.use(
    new IdentityTopicView({
      client: config.kafka,
      environment: config.environment,
      onUndecodable: (err) => logger.error({ err }, 'a tenant, a key or a kill switch could not be decoded'),
    }),
  );
  const integrations = open.use(
    new IntegrationTopicView(config.kafka, (err) =>
      logger.error({ err }, 'an integration could not be decoded'),
    ),
  );
  const policies = open.use(
    new PolicyTopicView(config.kafka, (err) => logger.error({ err }, 'a policy could not be decoded')),
  );
  const credentialFor = findCredential(config.credentials);
  const tools = open.add(new ToolTopicView(topic, toolkits, credentialFor), (used) => used.close());
  // Before the topics are ready, an unknown tool would look like a withdrawn one.
  await Promise.all([
    topic.ready,
    toolkits.ready,
    limits.ready,
    identities.ready,
    integrations.ready,
    policies.ready,
  ]);
  open.use(new CredentialCheck(config.credentials, () => topic.values(), logger));
  return { tools, limits, identities, integrations, policies, credentialFor };
}
