import type { Clock } from '@action-mesh/kernel';

import { BacklogFullError } from '../domain/gateway.errors.js';
import type { CallLane } from './event-log.port.js';

export interface TenantBacklogLimits {
  /** Unsettled calls of one tenant. @default 2 000 */
  readonly maxCalls?: number;
  /** The age at which a call without an outcome no longer counts, milliseconds. @default 300 000 */
  readonly maxAgeMs?: number;
}

interface Backlog {
  /** The time of acceptance of each call, the oldest first. */
  readonly calls: Map<string, number>;
  /** The times when the newest calls were settled, the oldest first. */
  readonly settledAtMs: number[];
}

/**
 * Counts by tenant the calls that this gateway accepted and that have no outcome yet.
 *
 * - TB1: never more than `maxCalls` of one tenant. The next call is refused with a time for the retry.
 * - TB2: tenants do not share: the bound of one tenant never refuses a call of another.
 * - TB3: a tenant with more than a few hundred unsettled calls uses the bulk lane, so no other tenant waits behind
 *   them.
 * - TB4: a missing outcome does not refuse calls for good: calls are forgotten after `maxAgeMs`.
 */
export class TenantBacklog {
  readonly #tenants = new Map<string, Backlog>();
  /** The number of tenants with an unsettled call of each id. Two tenants may use the same id. */
  readonly #ids = new Map<string, number>();
  readonly #clock: Clock;
  readonly #maxCalls: number;
  readonly #maxAgeMs: number;

  constructor(clock: Clock, limits: TenantBacklogLimits = {}) {
    this.#clock = clock;
    this.#maxCalls = limits.maxCalls ?? 2_000;
    this.#maxAgeMs = limits.maxAgeMs ?? 300_000;
  }

  /** Counts a call once, and returns the current lane of its tenant. Throws `BacklogFullError`. */
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
    this.#ids.set(callId, (this.#ids.get(callId) ?? 0) + 1);
    return lane;
  }

  /** Whether any tenant has an unsettled call of this id. */
  holds(callId: string): boolean {
    return this.#ids.has(callId);
  }

  /** Records that the call has an outcome. */
  settled(tenantId: string, callId: string): void {
    const backlog = this.#take(tenantId, callId);
    if (backlog === undefined) return;
    backlog.settledAtMs.push(this.#clock.monotonicMs());
    if (backlog.settledAtMs.length > rateCalls) backlog.settledAtMs.shift();
  }

  /** Removes a call that was not written. */
  withdraw(tenantId: string, callId: string): void {
    this.#take(tenantId, callId);
  }

  #take(tenantId: string, callId: string): Backlog | undefined {
    const backlog = this.#tenants.get(tenantId);
    if (backlog?.calls.delete(callId) !== true) return undefined;
    this.#forgetId(callId);
    return backlog;
  }

  #forgetOld({ calls }: Backlog, nowMs: number): void {
    for (const [callId, atMs] of calls) {
      if (nowMs - atMs <= this.#maxAgeMs) break;
      calls.delete(callId);
      this.#forgetId(callId);
    }
  }

  #forgetId(callId: string): void {
    const left = (this.#ids.get(callId) ?? 0) - 1;
    if (left > 0) this.#ids.set(callId, left);
    else this.#ids.delete(callId);
  }

  /** The time until a tenth of the backlog is free, at the recent rate of settled calls; whole seconds. */
  #roomInS({ settledAtMs }: Backlog, nowMs: number): number {
    const recent = settledAtMs.filter((atMs) => nowMs - atMs <= rateWindowMs);
    const sinceMs = nowMs - (recent[0] ?? nowMs);
    if (recent.length === 0) return mostS;
    const perMs = recent.length / Math.max(sinceMs, 1_000);
    return Math.min(Math.max(Math.ceil(this.#maxCalls / 10 / perMs / 1_000), 1), mostS);
  }
}

/**
 * Unsettled calls of one tenant that still share a topic with other tenants. An executor reads this many in well under
 * a tenth of a second.
 */
const mostInCalls = 256;

/** The rate of a backlog covers at most this many calls and this long a window. A retry time is at most 60 seconds. */
const rateCalls = 256;
const rateWindowMs = 30_000;
const mostS = 60;
