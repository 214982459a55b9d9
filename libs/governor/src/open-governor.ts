import { defined, newId, systemClock, type Clock } from '@action-mesh/kernel';

import { defaultBreakerRules, type BreakerRules } from './breaker/breaker.js';
import { Breakers } from './breaker/breakers.js';
import { defaultConcurrencyRules, type ConcurrencyRules } from './concurrency/adaptive-limit.js';
import { ConcurrencyLimiter } from './concurrency/concurrency-limiter.js';
import { MeshGovernor } from './mesh-governor.js';
import type { PolicyIndex } from './policy/policy-index.js';
import { BlockedCredentials } from './provider-signals/blocked-credentials.js';
import type { LimitStore } from './rate/limit-store.port.js';
import { RateLimiter, type LimiterMode } from './rate/rate-limiter.js';
import { RedisLimitStore } from './rate/redis-limit-store.js';

export interface GovernorOptions {
  readonly policies: PolicyIndex;
  /** The last known number of live executors, this one included. Without Redis, they divide the limits. */
  readonly instances: () => number;
  /** Absent: this instance always enforces its share of each limit. */
  readonly redisUrl?: string;
  /** Separates meshes that use the same Redis. @default 'mesh' */
  readonly namespace?: string;
  /** Called with the reason when limits begin or cease to be shared. Without Redis, it is called once at the start. */
  readonly onMode?: (mode: LimiterMode, reason: string) => void;
  readonly concurrency?: Partial<ConcurrencyRules>;
  readonly breaker?: Partial<BreakerRules>;
  /** The longest time for an answer of Redis, milliseconds. @default 50 */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** Starts a governor. It decides at once, and uses Redis as soon as Redis answers. */
export function openGovernor(options: GovernorOptions): MeshGovernor {
  const { redisUrl, namespace = 'mesh', instances } = options;
  if (redisUrl === undefined) return assembleGovernor(options);
  return assembleGovernor(options, new RedisLimitStore({ url: redisUrl, namespace, instances }));
}

/** Starts a governor with the given store; for tests. */
export function assembleGovernor(options: GovernorOptions, store?: LimitStore): MeshGovernor {
  const { policies, instances, onMode, timeoutMs, clock = systemClock } = options;
  const blocked = new BlockedCredentials(clock);
  store?.onBlock((block) => blocked.add(block));
  const limiter = new RateLimiter({
    clock,
    instances,
    knownBlocks: () => blocked.inForce(),
    ...defined({ store, onMode, timeoutMs }),
  });
  return new MeshGovernor({
    ...{ policies, limiter, blocked, clock, instances },
    breakers: new Breakers({ ...defaultBreakerRules, ...options.breaker }),
    concurrencyLimiter: new ConcurrencyLimiter({ ...defaultConcurrencyRules, ...options.concurrency }),
    newToken: newId,
  });
}
