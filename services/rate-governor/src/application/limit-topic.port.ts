import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import type { Publication } from '../domain/publication.js';

/** The published limits, for every service that enforces them. */
export interface LimitTopic {
  /** The published limits, by key; complete up to the moment of the first call. */
  published(): Promise<ReadonlyMap<string, LimitPolicy>>;
  /** Resolves after everything is published. After an error, a part may be published, and the call can be repeated. */
  apply(publication: Publication): Promise<void>;
}

export const LimitTopic = Symbol('LimitTopic');
