import { identityKey, type Identity } from '@action-mesh/contracts/auth-broker';

import type { IdentityPublication } from '../domain/identity-publication.js';
import type { IdentityTopic } from './identity-topic.port.js';

/** A topic that compacts at once, and that tests can make unavailable. */
export class FakeIdentityTopic implements IdentityTopic {
  readonly identities = new Map<string, Identity>();
  readonly publications: IdentityPublication[] = [];
  unreachable = false;

  published(): Promise<ReadonlyMap<string, Identity>> {
    return Promise.resolve(new Map(this.identities));
  }

  refreshed(): Promise<ReadonlyMap<string, Identity>> {
    return this.unreachable ? Promise.reject(new Error('no broker')) : this.published();
  }

  apply(publication: IdentityPublication): Promise<void> {
    if (this.unreachable) return Promise.reject(new Error('no broker'));
    this.publications.push(publication);
    for (const key of publication.retract) this.identities.delete(key);
    for (const identity of publication.publish) this.identities.set(identityKey(identity), identity);
    return Promise.resolve();
  }
}
