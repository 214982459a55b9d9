import { identityKey, type Identity } from '@action-mesh/contracts/auth-broker';
import type { Clock } from '@action-mesh/kernel';

import { PublishRecord } from './publish-record.js';
import type { PublishedRecord } from './published-record.port.js';
import type { PublishedTopic } from './published-topic.port.js';

/** Makes the topic of identities equal to their record, for the doors of the mesh. */
export class PublishIdentities extends PublishRecord<Identity> {
  constructor(record: PublishedRecord<Identity>, topic: PublishedTopic<Identity>, clock?: Clock) {
    super({ record, topic, keyOf: identityKey, clock });
  }
}
