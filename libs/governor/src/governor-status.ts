import { defined } from '@action-mesh/kernel';

import type {
  BlockStatus,
  BreakerStatus,
  GovernorStatus,
  LimitStatus,
  TenantStatus,
} from './governor.port.js';
import type { GovernorParts } from './governor-parts.js';
import { readBlockName } from './provider-signals/blocked-credentials.js';
import { shareOf } from './rate/share.js';

/** The most entries in a list of the status. The list is for people. */
const maxListed = 1_000;

/** The state of the parts, as plain data. */
export function describeStatus(parts: Omit<GovernorParts, 'newToken'>): GovernorStatus {
  const { limiter, instances, concurrencyLimiter } = parts;
  return {
    mode: limiter.mode,
    ...(limiter.mode === 'shared' ? {} : { reason: limiter.reason }),
    local_periods: periodsOf(limiter),
    instances: instances(),
    limits: limitsOf(parts),
    blocked: blocksOf(parts),
    breakers: breakersOf(parts),
    concurrency: [...concurrencyLimiter.all()].slice(0, maxListed).map(({ provider, tool, adaptive }) => ({
      provider,
      tool,
      limit: adaptive.limit,
      in_flight: adaptive.inFlight,
    })),
  };
}

function periodsOf({
  localPeriods: { begun, ended, sinceMs },
}: Described['limiter']): GovernorStatus['local_periods'] {
  return sinceMs === undefined ? { begun, ended } : { begun, ended, since: isoTime(sinceMs) };
}

/** The state that each part holds for one tenant, and whether limits are shared. */
export function describeTenant(parts: Omit<GovernorParts, 'newToken'>, tenantId: string): TenantStatus {
  return {
    mode: parts.limiter.mode,
    blocked: blocksOf(parts, tenantId),
    breakers: breakersOf(parts, tenantId),
  };
}

type Described = Parameters<typeof describeStatus>[0];

function limitsOf({ policies, limiter, instances }: Described): LimitStatus[] {
  return [...policies.all()].slice(0, maxListed).map(({ policy, rate }) => {
    const { id, match, per, limit, window, max_concurrency } = policy;
    const starved = limiter.mode === 'local' && shareOf(rate, instances()) === undefined;
    return {
      ...{ id, match: { ...match } as Record<string, string>, per, limit, window, burst: rate.burst },
      ...defined({ max_concurrency }),
      ...(starved ? { starved } : {}),
    };
  });
}

function blocksOf({ blocked, clock }: Described, tenantId?: string): BlockStatus[] {
  return blocked
    .inForce()
    .map(({ block, forMs }) => ({ ...readBlockName(block), until: isoTime(clock.now() + forMs) }))
    .filter((block) => tenantId === undefined || block.tenantId === tenantId)
    .slice(0, maxListed)
    .map(({ provider, credential, until }) => ({ provider, credential, until }));
}

function breakersOf({ breakers, clock }: Described, tenantId?: string): BreakerStatus[] {
  const nowMs = clock.monotonicMs();
  const found = [...breakers.all()].filter(
    (troubled) => tenantId === undefined || troubled.tenantId === tenantId,
  );
  return found.slice(0, maxListed).map(({ provider, credential, endpoint, breaker }) => ({
    ...{ provider, credential, endpoint, state: breaker.state, failures: breaker.failures },
    ...(breaker.state === 'open' ? { until: isoTime(clock.now() + breaker.reopenAtMs - nowMs) } : {}),
  }));
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
