import { policyKey, type PolicyRule } from '@action-mesh/contracts/auth-broker';
import type { Clock } from '@action-mesh/kernel';

import { PublishRecord } from '../publish-record.js';
import type { PublishedRecord } from '../published-record.port.js';
import type { PublishedTopic } from '../published-topic.port.js';

/** Makes the topic of policies equal to their record, for executors and gateways. */
export class PublishPolicies extends PublishRecord<PolicyRule> {
  constructor(record: PublishedRecord<PolicyRule>, topic: PublishedTopic<PolicyRule>, clock?: Clock) {
    super({ record, topic, keyOf: policyKey, clock });
  }
}
