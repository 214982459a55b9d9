import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import type { Publication } from '../domain/publication.js';

/** The published limits, which everybody who enforces them reads. */
export interface LimitTopic {
  /** The published limits, by key; complete up to the moment of the first call. */
  published(): Promise<ReadonlyMap<string, LimitPolicy>>;
  /** Resolves when everything is published; on an error a part of it may be, and it can be tried again. */
  apply(publication: Publication): Promise<void>;
}

export const LimitTopic = Symbol('LimitTopic');
