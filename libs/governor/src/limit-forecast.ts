import type { AppliedLimit, Forecast, Subject } from './governor.port.js';
import type { GovernorParts } from './governor-parts.js';
import type { CompiledPolicy } from './policy/policy-index.js';
import { blockName } from './provider-signals/blocked-credentials.js';
import type { Counter, LimitDecision } from './rate/limit-store.port.js';

type Parts = Pick<
  GovernorParts,
  'blocked' | 'breakers' | 'concurrencyLimiter' | 'policies' | 'limiter' | 'clock'
>;

/** Looks at every reason for a denial. Unlike an admission, it takes nothing. */
export async function forecastFor(parts: Parts, subject: Subject, counterOf: CounterOf): Promise<Forecast> {
  const { blocked, breakers, concurrencyLimiter, policies, limiter, clock } = parts;
  const matching = policies.matching(subject);
  const breaker = breakers.find(subject);
  const nowMs = clock.monotonicMs();
  const passage = breaker?.passage(nowMs) ?? { kind: 'free' };
  const slots = concurrencyLimiter.refusal(subject, matching);
  const decision = await limiter.ask({
    counters: matching.map((compiled) => counterOf(compiled, subject)),
    block: blockName(subject),
    isLook: true,
  });
  const blockedMs = Math.max(blocked.remainingMs(subject), decision.kind === 'blocked' ? decision.waitMs : 0);
  const until = (waitMs: number): number => clock.now() + Math.max(1, Math.ceil(waitMs));
  const limits: AppliedLimit[] = [];
  if (blockedMs > 0) {
    const scope = `provider:${subject.provider}`;
    limits.push({ kind: 'provider_block', scope, holds: true, untilMs: until(blockedMs) });
  }
  if (breaker !== undefined) {
    const scope = `endpoint:${subject.endpoint}`;
    const shut = passage.kind === 'shut' ? { untilMs: until(passage.untilMs - nowMs) } : {};
    limits.push({ kind: 'circuit_breaker', scope, holds: passage.kind === 'shut', ...shut });
  }
  const counters = matching.map((compiled) => ({
    ...compiled.policy,
    scope: counterOf(compiled, subject).scope,
  }));
  if (slots !== undefined && counters.every(({ scope }) => scope !== slots.scope))
    limits.push({ kind: 'concurrency', scope: slots.scope, holds: true, untilMs: until(slots.waitMs) });
  for (const { scope, limit, window, max_concurrency: maxConcurrency } of counters) {
    const held = heldBy(decision, scope);
    limits.push({
      kind: 'rate_limit',
      scope,
      holds: held !== undefined,
      limit,
      window,
      ...(held === undefined ? {} : { untilMs: until(held) }),
    });
    if (maxConcurrency === undefined) continue;
    const isFull = slots?.scope === scope;
    const full = isFull ? { untilMs: until(slots.waitMs) } : {};
    limits.push({ kind: 'concurrency', scope, holds: isFull, maxConcurrency, ...full });
  }
  const holding = limits.find(({ holds }) => holds);
  if (holding?.untilMs === undefined) return { limits };
  const { kind, scope, untilMs } = holding;
  return { limits, denial: { reason: reasonOf[kind], scope, untilMs, circuit: breaker?.state ?? 'closed' } };
}

type CounterOf = (compiled: CompiledPolicy, subject: Subject) => Counter;

const reasonOf = {
  provider_block: 'provider_blocked',
  circuit_breaker: 'circuit_open',
  concurrency: 'concurrency',
  rate_limit: 'rate_limited',
} as const;

function heldBy(decision: LimitDecision, scope: string): number | undefined {
  return decision.kind === 'limited' && decision.counter.scope === scope ? decision.waitMs : undefined;
}
