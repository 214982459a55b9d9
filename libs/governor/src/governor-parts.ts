import type { Clock } from '@action-mesh/kernel';

import type { Breakers } from './breaker/breakers.js';
import type { ConcurrencyLimiter } from './concurrency/concurrency-limiter.js';
import type { PolicyIndex } from './policy/policy-index.js';
import type { BlockedCredentials } from './provider-signals/blocked-credentials.js';
import type { RateLimiter } from './rate/rate-limiter.js';

/** The parts of the governor. */
export interface GovernorParts {
  readonly policies: PolicyIndex;
  readonly limiter: RateLimiter;
  readonly breakers: Breakers;
  readonly concurrencyLimiter: ConcurrencyLimiter;
  readonly blocked: BlockedCredentials;
  readonly clock: Clock;
  readonly instances: () => number;
  readonly newToken: () => string;
}
