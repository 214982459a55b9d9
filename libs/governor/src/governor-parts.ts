import type { Clock } from '@action-mesh/kernel';

import type { Breakers } from './breaker/breakers.js';
import type { Gates } from './concurrency/gates.js';
import type { PolicyBook } from './policy/policy-book.js';
import type { BlockedCredentials } from './provider-signals/blocked-credentials.js';
import type { RateLimiter } from './rate/rate-limiter.js';

/** What the governor is made of. */
export interface GovernorParts {
  readonly policies: PolicyBook;
  readonly limiter: RateLimiter;
  readonly breakers: Breakers;
  readonly gates: Gates;
  readonly blocked: BlockedCredentials;
  readonly clock: Clock;
  readonly instances: () => number;
  readonly newToken: () => string;
}
