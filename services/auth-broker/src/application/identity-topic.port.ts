import type { Identity } from '@action-mesh/contracts/auth-broker';

import type { IdentityPublication } from '../domain/identity-publication.js';

/** The published identities, for the doors of the mesh. */
export interface IdentityTopic {
  /** The published identities by key, as far as this instance knows. */
  published(): Promise<ReadonlyMap<string, Identity>>;
  /** The published identities by key, complete up to this moment. Rejects when the broker does not answer. */
  refreshed(): Promise<ReadonlyMap<string, Identity>>;
  /** Resolves after everything is published. After an error, a part may be published, and the call can be repeated. */
  apply(publication: IdentityPublication): Promise<void>;
}

export const IdentityTopic = Symbol('IdentityTopic');
