import { limitKey, type LimitPolicy } from '@action-mesh/contracts/rate-governor';

import type { Subject } from '../governor.port.js';
import type { LimitRate } from '../rate/share.js';

const windowUs = { '1s': 1e6, '1m': 60e6, '1h': 3_600e6, '1d': 86_400e6 } as const;

/** A policy, ready to be enforced. */
export interface CompiledPolicy {
  readonly policy: LimitPolicy;
  readonly rate: LimitRate;
  /**
   * The name of the policy's counters. Another rate under the same key starts a new count, because the old count does not
   * fit it.
   */
  readonly revision: string;
}

/** The value by which a policy counts a request. */
export function countedBy({ policy }: CompiledPolicy, subject: Subject): string {
  switch (policy.per) {
    case 'tenant':
      return subject.tenantId;
    case 'credential':
      return subject.credential;
    case 'provider':
      return subject.provider;
    case 'tool':
      return subject.tool;
  }
}

const none: readonly CompiledPolicy[] = [];

/**
 * The policies in force. Each one is filed under the most selective value of its match. A request is therefore compared
 * with few policies, even if there are many.
 */
export class PolicyIndex {
  readonly #byKey = new Map<string, CompiledPolicy>();
  readonly #byMatchKey = new Map<string, CompiledPolicy[]>();

  /** Adds a policy, or replaces the one with the same key (owner and id). */
  put(policy: LimitPolicy): void {
    const key = limitKey(policy);
    this.remove(key);
    const compiled = compile(policy, key);
    this.#byKey.set(key, compiled);
    const matchKey = matchKeyOf(policy);
    this.#byMatchKey.set(matchKey, [...(this.#byMatchKey.get(matchKey) ?? none), compiled]);
  }

  remove(key: string): void {
    const known = this.#byKey.get(key);
    if (known === undefined) return;
    this.#byKey.delete(key);
    const matchKey = matchKeyOf(known.policy);
    const rest = (this.#byMatchKey.get(matchKey) ?? none).filter((other) => other !== known);
    if (rest.length > 0) this.#byMatchKey.set(matchKey, rest);
    else this.#byMatchKey.delete(matchKey);
  }

  /** Every policy that matches this request. */
  matching(subject: Subject): readonly CompiledPolicy[] {
    if (this.#byKey.size === 0) return none;
    let found: CompiledPolicy[] | undefined;
    for (const matchKey of [
      '',
      `p:${subject.provider}`,
      `t:${subject.tool}`,
      `n:${subject.tenantId}`,
      `u:${subject.userId}`,
    ]) {
      for (const compiled of this.#byMatchKey.get(matchKey) ?? none) {
        if (matches(compiled.policy, subject)) (found ??= []).push(compiled);
      }
    }
    return found ?? none;
  }

  all(): IterableIterator<CompiledPolicy> {
    return this.#byKey.values();
  }
}

function matchKeyOf({ match: { tenant, user, provider, tool } }: LimitPolicy): string {
  if (user !== undefined) return `u:${user}`;
  if (tool !== undefined) return `t:${tool}`;
  if (tenant !== undefined) return `n:${tenant}`;
  return provider === undefined ? '' : `p:${provider}`;
}

function matches({ match: { tenant, user, provider, tool } }: LimitPolicy, subject: Subject): boolean {
  return (
    (tenant === undefined || tenant === subject.tenantId) &&
    (user === undefined || user === subject.userId) &&
    (provider === undefined || provider === subject.provider) &&
    (tool === undefined || tool === subject.tool)
  );
}

function compile(policy: LimitPolicy, key: string): CompiledPolicy {
  const { limit, window } = policy;
  // A tenth is enough for a few calls of an agent at once. It is low enough for a provider that counts by the window.
  const burst = policy.burst ?? Math.max(1, Math.floor(limit / 10));
  const us = windowUs[window];
  // Whole microseconds, rounded to the slower side.
  const rate = { limit, burst, windowUs: us, intervalUs: Math.ceil(us / limit) };
  return { policy, rate, revision: `${key}:${limit}/${window}+${burst}` };
}
