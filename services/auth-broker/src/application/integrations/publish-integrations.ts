import { integrationKey, type Integration } from '@action-mesh/contracts/auth-broker';
import type { Clock } from '@action-mesh/kernel';

import { PublishRecord } from '../publish-record.js';
import type { PublishedRecord } from '../published-record.port.js';
import type { PublishedTopic } from '../published-topic.port.js';

/** Makes the topic of integrations equal to their record, for executors and gateways. */
export class PublishIntegrations extends PublishRecord<Integration> {
  constructor(record: PublishedRecord<Integration>, topic: PublishedTopic<Integration>, clock?: Clock) {
    super({ record, topic, keyOf: integrationKey, clock });
  }
}
