import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { Clock } from '@action-mesh/kernel';

/** The remembered part of a call that this gateway accepted. */
export interface RecentCall {
  readonly tenantId: string;
  readonly callId: string;
  readonly userId: string;
  /** The slug of the tool. */
  readonly tool: string;
  readonly hash: string;
  readonly traceId: string;
}

export interface RecentCallsLimits {
  /** @default 20 000 */
  readonly maxCalls?: number;
  /** Milliseconds. @default 300 000 */
  readonly maxAgeMs?: number;
}

/**
 * The calls that this gateway accepted in the last minutes. They answer for calls that the ledger has not recorded yet,
 * and reveal repeated requests.
 *
 * - RC1: never more than `maxCalls`; the oldest is forgotten first.
 * - RC2: a tenant finds its own calls alone. Two tenants may use the same id for two calls.
 */
export class RecentCalls {
  readonly #calls = new Map<string, RecentCall & { readonly atMs: number }>();
  readonly #clock: Clock;
  readonly #maxCalls: number;
  readonly #maxAgeMs: number;

  constructor(clock: Clock, limits: RecentCallsLimits = {}) {
    this.#clock = clock;
    this.#maxCalls = limits.maxCalls ?? 20_000;
    this.#maxAgeMs = limits.maxAgeMs ?? 300_000;
  }

  remember(
    call: Pick<AcceptedCall, 'tenant_id' | 'call_id' | 'user_id' | 'tool' | 'hash'>,
    traceId: string,
  ): void {
    const nowMs = this.#clock.monotonicMs();
    const key = keyOf(call.tenant_id, call.call_id);
    this.#calls.delete(key);
    this.#calls.set(key, {
      tenantId: call.tenant_id,
      callId: call.call_id,
      userId: call.user_id,
      tool: call.tool.slug,
      hash: call.hash,
      traceId,
      atMs: nowMs,
    });
    for (const [oldest, { atMs }] of this.#calls) {
      if (this.#calls.size <= this.#maxCalls && nowMs - atMs <= this.#maxAgeMs) break;
      this.#calls.delete(oldest);
    }
  }

  get(tenantId: string, callId: string): RecentCall | undefined {
    const call = this.#calls.get(keyOf(tenantId, callId));
    if (call === undefined || this.#clock.monotonicMs() - call.atMs > this.#maxAgeMs) return undefined;
    return call;
  }
}

function keyOf(tenantId: string, callId: string): string {
  return `${callId} ${tenantId}`;
}
