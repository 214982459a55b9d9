import type { BlockStatus, BreakerStatus, GovernorStatus, LimitStatus } from './governor.port.js';
import type { GovernorParts } from './governor-parts.js';
import { shareOf } from './rate/share.js';

/** More of a kind than this are not listed: the list is for people. */
const maxListed = 1_000;

/** What the parts hold, as plain data. */
export function describeStatus(parts: Omit<GovernorParts, 'newToken'>): GovernorStatus {
  const { limiter, instances, gates } = parts;
  return {
    mode: limiter.mode,
    ...(limiter.mode === 'shared' ? {} : { reason: limiter.reason }),
    local_periods: periodsOf(limiter),
    instances: instances(),
    limits: limitsOf(parts),
    blocked: blocksOf(parts),
    breakers: breakersOf(parts),
    concurrency: [...gates.all()].slice(0, maxListed).map(({ provider, tool, adaptive }) => ({
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

type Described = Parameters<typeof describeStatus>[0];

function limitsOf({ policies, limiter, instances }: Described): LimitStatus[] {
  return [...policies.all()].slice(0, maxListed).map(({ policy, rate }) => {
    const { id, match, per, limit, window, max_concurrency } = policy;
    const starved = limiter.mode === 'local' && shareOf(rate, instances()) === undefined;
    return {
      ...{ id, match: { ...match } as Record<string, string>, per, limit, window, burst: rate.burst },
      ...(max_concurrency === undefined ? {} : { max_concurrency }),
      ...(starved ? { starved } : {}),
    };
  });
}

function blocksOf({ blocked, clock }: Described): BlockStatus[] {
  return blocked
    .inForce()
    .slice(0, maxListed)
    .map(({ block, forMs }) => {
      const [provider = '', credential = ''] = JSON.parse(block) as string[];
      return { provider, credential, until: isoTime(clock.now() + forMs) };
    });
}

function breakersOf({ breakers, clock }: Described): BreakerStatus[] {
  const nowMs = clock.monotonicMs();
  return [...breakers.all()].slice(0, maxListed).map(({ provider, credential, endpoint, breaker }) => ({
    ...{ provider, credential, endpoint, state: breaker.state, failures: breaker.failures },
    ...(breaker.state === 'open' ? { until: isoTime(clock.now() + breaker.reopenAtMs - nowMs) } : {}),
  }));
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
