import { newId, systemClock, type Clock } from '@action-mesh/kernel';

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
  /** How many executors are alive, this one included, as last known: limits are divided among them without Redis. */
  readonly instances: () => number;
  /** Absent: this instance enforces its share of each limit, for good. */
  readonly redisUrl?: string;
  /** Sets one mesh apart from another on the same Redis. @default 'mesh' */
  readonly namespace?: string;
  /** Told whenever limits begin or cease to be shared, and why; once at the start without Redis. */
  readonly onMode?: (mode: LimiterMode, reason: string) => void;
  readonly concurrency?: Partial<ConcurrencyRules>;
  readonly breaker?: Partial<BreakerRules>;
  /** How long Redis may take to answer, milliseconds. @default 50 */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** Starts a governor. It lets requests go at once; Redis is used from when it answers. */
export function openGovernor(options: GovernorOptions): MeshGovernor {
  const { redisUrl, namespace = 'mesh', instances } = options;
  if (redisUrl === undefined) return assembleGovernor(options);
  return assembleGovernor(options, new RedisLimitStore({ url: redisUrl, namespace, instances }));
}

/** The same over a store that is given; for tests. */
export function assembleGovernor(options: GovernorOptions, store?: LimitStore): MeshGovernor {
  const { policies, instances, onMode, timeoutMs, clock = systemClock } = options;
  const blocked = new BlockedCredentials(clock);
  store?.onBlock((block) => blocked.add(block));
  const limiter = new RateLimiter({
    clock,
    instances,
    knownBlocks: () => blocked.inForce(),
    ...(store === undefined ? {} : { store }),
    ...(onMode === undefined ? {} : { onMode }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return new MeshGovernor({
    ...{ policies, limiter, blocked, clock, instances },
    breakers: new Breakers({ ...defaultBreakerRules, ...options.breaker }),
    concurrencyLimiter: new ConcurrencyLimiter({ ...defaultConcurrencyRules, ...options.concurrency }),
    newToken: newId,
  });
}
