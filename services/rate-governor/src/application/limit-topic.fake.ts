import { limitKey, type LimitPolicy } from '@action-mesh/contracts/rate-governor';

import type { Publication } from '../domain/publication.js';
import type { LimitTopic } from './limit-topic.port.js';

/** A topic that compacts at once, and that tests can make unavailable. */
export class FakeLimitTopic implements LimitTopic {
  readonly limits = new Map<string, LimitPolicy>();
  readonly publications: Publication[] = [];
  unreachable = false;

  published(): Promise<ReadonlyMap<string, LimitPolicy>> {
    return Promise.resolve(new Map(this.limits));
  }

  apply(publication: Publication): Promise<void> {
    if (this.unreachable) return Promise.reject(new Error('no broker'));
    this.publications.push(publication);
    for (const policy of publication.publish) this.limits.set(limitKey(policy), policy);
    for (const id of publication.lift) this.limits.delete(id);
    return Promise.resolve();
  }
}
