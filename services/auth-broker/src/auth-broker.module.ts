import { topicConfigurations } from '@action-mesh/contracts';
import { ensureTopics } from '@action-mesh/messaging';
import { Module, type DynamicModule } from '@nestjs/common';

import type { AuthBrokerConfig } from './config.js';

class AuthBrokerModule {}
Module({})(AuthBrokerModule);

/** Binds ports to adapters and creates the topics that are missing. Rejects without Kafka. */
export async function composeAuthBroker(config: AuthBrokerConfig): Promise<DynamicModule> {
  await ensureTopics(config.kafka, topicConfigurations);
  return { module: AuthBrokerModule };
}
