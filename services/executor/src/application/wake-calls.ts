import type { FairShare } from './fair-share.js';
import type { ResumeCall } from './resume-call.js';
import type { ThrottleSpacing } from './throttle-spacing.js';
import type { NamedCall, ParkedCalls, WokenCall } from './parked-calls.port.js';

/** The most calls that are woken at once, approximately. The rest is woken right after. */
const batch = 200;

/**
 * Continues calls after their wait: calls due by the clock, calls that the ladder names, and calls that wait for their
 * tenant's turn. Each then waits for a slot like a new call. Of each tenant, only as many are woken as it has room for,
 * so no call waits behind those of another tenant.
 */
export class WakeCalls {
  readonly #parkedCalls: ParkedCalls;
  readonly #share: Pick<FairShare, 'capacity'>;
  readonly #spacing: Pick<ThrottleSpacing, 'congested'>;
  readonly #resumeCall: Pick<ResumeCall, 'execute'>;
  /** Called for each woken call with its lateness in milliseconds. */
  readonly #onWoken: (lateMs: number) => void;

  constructor(
    parkedCalls: ParkedCalls,
    share: Pick<FairShare, 'capacity'>,
    spacing: Pick<ThrottleSpacing, 'congested'>,
    resumeCall: Pick<ResumeCall, 'execute'>,

    onWoken: (lateMs: number) => void,
  ) {
    this.#parkedCalls = parkedCalls;
    this.#share = share;
    this.#spacing = spacing;
    this.#resumeCall = resumeCall;
    this.#onWoken = onWoken;
  }

  /** Wakes due calls within the free room. Returns their number. They continue in the background. */
  async due(): Promise<number> {
    return this.#timed(await this.#parkedCalls.wakeDue({ limit: batch, capacity: this.#share.capacity() }));
  }

  /** Wakes calls that wait for their tenant's turn. They have no due time, so they are never late. */
  async overflow(): Promise<number> {
    const { byTenant, others } = this.#share.capacity();
    const capacity = new Map(byTenant);
    for (const tenantId of this.#spacing.congested()) capacity.set(tenantId, 0);
    return this.#resume(
      await this.#parkedCalls.wakeOverflow({ limit: batch, capacity: { byTenant: capacity, others } }),
    );
  }

  /** Wakes the calls that records of the ladder name. Outdated records are ignored. */
  async named(calls: readonly Omit<NamedCall, 'hasCapacity'>[]): Promise<number> {
    const { byTenant, others } = this.#share.capacity();
    const taken = new Map<string, number>();
    const named = calls.map((call) => {
      const before = taken.get(call.tenantId) ?? 0;
      taken.set(call.tenantId, before + 1);
      return { ...call, hasCapacity: before < (byTenant.get(call.tenantId) ?? others) };
    });
    return this.#timed(await this.#parkedCalls.wakeNamed(named));
  }

  #timed(woken: readonly WokenCall[]): number {
    for (const { lateMs } of woken) this.#onWoken(lateMs);
    return this.#resume(woken);
  }

  #resume(woken: readonly WokenCall[]): number {
    for (const { owned } of woken) void this.#resumeCall.execute(owned, 'in_turn');
    return woken.length;
  }
}
