import type { Clock } from '@action-mesh/kernel';

import { BacklogFullError } from '../domain/gateway.errors.js';
import type { CallLane } from './event-log.port.js';

export interface TenantBacklogLimits {
  /** Unsettled calls of one tenant. @default 2 000 */
  readonly maxCalls?: number;
  /** After so long without an outcome a call counts no more, milliseconds. @default 300 000 */
  readonly maxAgeMs?: number;
}

interface Backlog {
  /** When each call was taken, the oldest first. */
  readonly calls: Map<string, number>;
  /** When the newest calls were settled, the oldest first. */
  readonly settledAtMs: number[];
}

/**
 * The calls that this gateway took and of which it has heard no outcome yet, by tenant.
 *
 * - TB1: never more than `maxCalls` of one tenant; the next is refused, and told when to come again.
 * - TB2: tenants do not share: one that floods the door leaves it open for all others.
 * - TB3: a tenant with more than a few hundred is in the bulk lane, so that no other tenant's call stands behind a flood.
 * - TB4: an outcome that never comes does not close the door for good: calls are forgotten after `maxAgeMs`.
 */
export class TenantBacklog {
  readonly #tenants = new Map<string, Backlog>();
  /** Which tenant a call belongs to. */
  readonly #owners = new Map<string, string>();
  readonly #clock: Clock;
  readonly #maxCalls: number;
  readonly #maxAgeMs: number;

  constructor(clock: Clock, limits: TenantBacklogLimits = {}) {
    this.#clock = clock;
    this.#maxCalls = limits.maxCalls ?? 2_000;
    this.#maxAgeMs = limits.maxAgeMs ?? 300_000;
  }

  /**
   * Counts a call, once however often it comes, and says which lane is its tenant's now. Throws `BacklogFullError`.
   */
  admit(tenantId: string, callId: string): CallLane {
    const nowMs = this.#clock.monotonicMs();
    const backlog = this.#tenants.get(tenantId) ?? { calls: new Map<string, number>(), settledAtMs: [] };
    this.#forgetOld(backlog, nowMs);
    const lane = backlog.calls.size >= mostInCalls ? 'bulk' : 'calls';
    if (backlog.calls.has(callId)) return lane;
    if (backlog.calls.size >= this.#maxCalls)
      throw new BacklogFullError(this.#maxCalls, this.#roomInS(backlog, nowMs));
    backlog.calls.set(callId, nowMs);
    this.#tenants.set(tenantId, backlog);
    this.#owners.set(callId, tenantId);
    return lane;
  }

  holds(callId: string): boolean {
    return this.#owners.has(callId);
  }

  /** An outcome was heard. */
  settled(callId: string): void {
    const backlog = this.#take(callId);
    if (backlog === undefined) return;
    backlog.settledAtMs.push(this.#clock.monotonicMs());
    if (backlog.settledAtMs.length > RATE_CALLS) backlog.settledAtMs.shift();
  }

  /** The call did not come about. */
  withdraw(callId: string): void {
    this.#take(callId);
  }

  #take(callId: string): Backlog | undefined {
    const tenantId = this.#owners.get(callId);
    if (tenantId === undefined) return undefined;
    this.#owners.delete(callId);
    const backlog = this.#tenants.get(tenantId);
    backlog?.calls.delete(callId);
    return backlog;
  }

  #forgetOld({ calls }: Backlog, nowMs: number): void {
    for (const [callId, atMs] of calls) {
      if (nowMs - atMs <= this.#maxAgeMs) break;
      calls.delete(callId);
      this.#owners.delete(callId);
    }
  }

  /** When a tenth of the backlog will be free, at the rate at which calls were settled lately; whole seconds. */
  #roomInS({ settledAtMs }: Backlog, nowMs: number): number {
    const recent = settledAtMs.filter((atMs) => nowMs - atMs <= RATE_WINDOW_MS);
    const sinceMs = nowMs - (recent[0] ?? nowMs);
    if (recent.length === 0) return MOST_S;
    const perMs = recent.length / Math.max(sinceMs, 1_000);
    return Math.min(Math.max(Math.ceil(this.#maxCalls / 10 / perMs / 1_000), 1), MOST_S);
  }
}

/**
 * Unsettled calls of one tenant that share a topic with everybody's. An executor reads as many in well under a tenth of a
 * second.
 */
const mostInCalls = 256;

/** What is looked at to tell how fast a backlog drains, and the longest that anybody is sent away for. */
const RATE_CALLS = 256;
const RATE_WINDOW_MS = 30_000;
const MOST_S = 60;
