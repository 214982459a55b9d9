import { defined } from '@action-mesh/kernel';

import type { Breaker } from './breaker/breaker.js';
import { breakerKey } from './breaker/breakers.js';
import type { Slot } from './concurrency/concurrency-limiter.js';
import type {
  Admission,
  DenialReason,
  Forecast,
  Governor,
  GovernorStatus,
  Signal,
  Subject,
  TenantStatus,
} from './governor.port.js';
import type { GovernorParts } from './governor-parts.js';
import { forecastFor } from './limit-forecast.js';
import { describeStatus, describeTenant } from './governor-status.js';
import { SingleUsePermit, type PermitDetails } from './single-use-permit.js';
import { countedBy, type CompiledPolicy } from './policy/policy-index.js';
import { blockName } from './provider-signals/blocked-credentials.js';
import { blockedForMs } from './provider-signals/rate-headers.js';
import type { Counter, TokenGrant, ProbeLease, LimitDecision } from './rate/limit-store.port.js';

/** How long other instances wait for a probe whose sender has fallen silent, milliseconds. */
const probeLeaseMs = 30_000;
/**
 * How long a token is valid, milliseconds. A request sent after its token expires would add to the next token's burst. A
 * database that hangs for a second would otherwise cause such a burst at the provider (I10).
 */
const tokenLifeMs = 50;
/** How often other instances check whether the probe has ended, milliseconds. */
const probeLookMs = 500;

/**
 * Checks every reason for a denial, the cheapest first: blocks, breaker, slots, and the limits last. A denied request has
 * therefore taken no token.
 *
 * - G1: a request without a policy, a block or a troubled endpoint needs no Redis and no timer.
 * - G2: a denied request keeps nothing: no token, no slot, no probe.
 * - G3: a permit settled as not sent changes nothing, as far as the store can be certain.
 * - G4: a forecast takes nothing and changes nothing.
 */
export class MeshGovernor implements Governor, AsyncDisposable {
  readonly #parts: GovernorParts;
  readonly #settle = (given: PermitDetails, signal: Signal): void => this.#learn(given, signal);

  constructor(parts: GovernorParts) {
    this.#parts = parts;
  }

  async admit(subject: Subject): Promise<Admission> {
    const { blocked, breakers, concurrencyLimiter, policies, clock } = this.#parts;
    const blockedMs = blocked.remainingMs(subject);
    const breaker = breakers.find(subject);
    if (blockedMs > 0)
      return this.#deny('provider_blocked', blockedMs, `provider:${subject.provider}`, breaker);

    const nowMs = clock.monotonicMs();
    const passage = breaker?.passage(nowMs) ?? { kind: 'free' };
    if (passage.kind === 'shut') {
      return this.#deny('circuit_open', passage.untilMs - nowMs, endpointScope(subject), breaker);
    }
    const matching = policies.matching(subject);
    const slot = concurrencyLimiter.acquire(subject, matching);
    if ('waitMs' in slot) return this.#deny('concurrency', slot.waitMs, slot.scope, breaker);

    let probe: ProbeLease | undefined;
    if (breaker !== undefined && passage.kind === 'probe') {
      breaker.beginProbe();
      probe = { key: breakerKey(subject), token: this.#parts.newToken(), leaseMs: probeLeaseMs };
    }
    const met = breaker === undefined ? undefined : { breaker, generation: breaker.generation };
    if (matching.length === 0 && probe === undefined) {
      return this.#allow({ subject, slot, met, probe, grant: undefined });
    }
    return this.#askLimiter({ subject, slot, met, probe, grant: undefined }, matching);
  }

  forecast(subject: Subject): Promise<Forecast> {
    return forecastFor(this.#parts, subject, counterOf);
  }

  status(): GovernorStatus {
    return describeStatus(this.#parts);
  }

  tenantStatus(tenantId: string): TenantStatus {
    return describeTenant(this.#parts, tenantId);
  }

  async close(): Promise<void> {
    await this.#parts.limiter.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #askLimiter(given: PermitDetails, matching: readonly CompiledPolicy[]): Promise<Admission> {
    const { subject, probe } = given;
    const decision = await this.#parts.limiter.ask({
      counters: matching.map((compiled) => counterOf(compiled, subject)),
      block: blockName(subject),
      ...defined({ probe }),
    });
    if (decision.kind === 'granted') {
      const { grant } = decision;
      const goodUntilMs = this.#parts.clock.monotonicMs() + tokenLifeMs;
      return this.#allow(
        grant.counters.length === 0 ? { ...given, grant } : { ...given, grant, goodUntilMs },
      );
    }
    return this.#turnBack(given, decision);
  }

  /** Returns everything that a denied request has taken (G2). */
  #turnBack(
    { subject, slot, met, probe }: PermitDetails,
    decision: Exclude<LimitDecision, { kind: 'granted' }>,
  ): Admission {
    const { clock, concurrencyLimiter, blocked } = this.#parts;
    const breaker = met?.breaker;
    const probeWaitMs = decision.kind === 'probing' ? Math.min(decision.waitMs, probeLookMs) : 0;
    concurrencyLimiter.release(slot);
    if (probe !== undefined) breaker?.abandonProbe(clock.monotonicMs() + probeWaitMs);
    switch (decision.kind) {
      case 'limited':
        return this.#deny('rate_limited', decision.waitMs, decision.counter.scope, breaker);
      case 'probing':
        return this.#deny('circuit_open', probeWaitMs, endpointScope(subject), breaker);
      case 'blocked':
        blocked.add({ block: blockName(subject), forMs: decision.waitMs });
        return this.#deny('provider_blocked', decision.waitMs, `provider:${subject.provider}`, breaker);
    }
  }

  #allow(given: PermitDetails): Admission {
    return { allowed: true, permit: new SingleUsePermit(given, this.#settle) };
  }

  #deny(reason: DenialReason, waitMs: number, scope: string, breaker: Breaker | undefined): Admission {
    const untilMs = this.#parts.clock.now() + Math.max(1, Math.ceil(waitMs));
    return { allowed: false, reason, untilMs, scope, circuit: breaker?.state ?? 'closed' };
  }

  #learn(given: PermitDetails, signal: Signal): void {
    const { concurrencyLimiter, limiter } = this.#parts;
    if (signal.kind === 'not_sent') {
      concurrencyLimiter.release(given.slot);
      this.#undo(given.met?.breaker, given.probe, given.grant);
      return;
    }
    learnConcurrency(given.slot, signal);
    concurrencyLimiter.release(given.slot);
    this.#learnCircuit(given, isFailure(signal));
    const forMs = blockedForMs(signal, this.#parts.clock.now());
    if (forMs <= 0) return;
    const block = { block: blockName(given.subject), forMs };
    if (this.#parts.blocked.add(block)) limiter.block(block);
  }

  /** Returns everything that an unsent request has taken (G3). */
  #undo(breaker: Breaker | undefined, probe: ProbeLease | undefined, grant: TokenGrant | undefined): void {
    const { clock, limiter } = this.#parts;
    if (grant !== undefined) limiter.giveBack(grant);
    if (probe === undefined || breaker === undefined) return;
    breaker.abandonProbe(clock.monotonicMs() + breaker.openForMs);
    limiter.endProbe(probe, 0);
  }

  #learnCircuit({ subject, met, probe }: PermitDetails, failed: boolean): void {
    const { breakers, clock, limiter } = this.#parts;
    breakers.record(subject, failed, met, clock.monotonicMs());
    // While the breaker stays open here, no other instance needs a probe.
    if (probe !== undefined) limiter.endProbe(probe, failed ? (met?.breaker.openForMs ?? 0) : 0);
  }
}

/** No answer, or an answer that shows trouble at the provider. "Not implemented" and "too many" are not trouble. */
function isFailure({ kind, status = 0 }: Signal): boolean {
  return kind === 'unanswered' || (status >= 500 && status !== 501);
}

function learnConcurrency({ adaptive, era }: Slot, { kind, status, durationMs }: Signal): void {
  if (kind === 'unanswered' || status === 429 || status === 503) adaptive.complain(era);
  else adaptive.succeed(durationMs);
}

function endpointScope({ endpoint }: Subject): string {
  return `endpoint:${endpoint}`;
}

function counterOf(compiled: CompiledPolicy, subject: Subject): Counter {
  const { id, per } = compiled.policy;
  const value = countedBy(compiled, subject);
  return { key: `${compiled.revision}:${value}`, rate: compiled.rate, scope: `${per}:${value}#${id}` };
}
