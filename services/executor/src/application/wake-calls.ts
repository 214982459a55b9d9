import type { FairShare } from './fair-share.js';
import type { ResumeCall } from './resume-call.js';
import type { ThrottleSpacing } from './throttle-spacing.js';
import type { NamedCall, ParkedCalls, WokenCall } from './parked-calls.port.js';

/** About the most that is woken at once; what is left is woken right after. */
const batch = 200;

/**
 * Goes on with calls whose wait is over: those that are due by the clock, those that the ladder names, and those that wait
 * for their tenant's turn. Each then waits for a slot like a new call, and no more are woken of a tenant than it has room
 * for, so that nobody waits behind another tenant's.
 */
export class WakeCalls {
  constructor(
    private readonly parkedCalls: ParkedCalls,
    private readonly share: Pick<FairShare, 'capacity'>,
    private readonly spacing: Pick<ThrottleSpacing, 'congested'>,
    private readonly resumeCall: Pick<ResumeCall, 'execute'>,
    /** Told how many milliseconds after its time each call was woken. */
    private readonly onWoken: (lateMs: number) => void,
  ) {}

  /** Wakes what is due, as far as there is room for it. Returns how many calls were woken; they run on after it. */
  async due(): Promise<number> {
    return this.#timed(await this.parkedCalls.wakeDue({ limit: batch, capacity: this.share.capacity() }));
  }

  /** Wakes calls that wait for their tenant's turn. They have no time, and so are not late. */
  async overflow(): Promise<number> {
    const { byTenant, others } = this.share.capacity();
    const capacity = new Map(byTenant);
    for (const tenantId of this.spacing.congested()) capacity.set(tenantId, 0);
    return this.#resume(
      await this.parkedCalls.wakeOverflow({ limit: batch, capacity: { byTenant: capacity, others } }),
    );
  }

  /** Wakes the calls that records of the ladder name; what is no longer true of them is passed over. */
  async named(calls: readonly Omit<NamedCall, 'hasCapacity'>[]): Promise<number> {
    const { byTenant, others } = this.share.capacity();
    const taken = new Map<string, number>();
    const named = calls.map((call) => {
      const before = taken.get(call.tenantId) ?? 0;
      taken.set(call.tenantId, before + 1);
      return { ...call, hasCapacity: before < (byTenant.get(call.tenantId) ?? others) };
    });
    return this.#timed(await this.parkedCalls.wakeNamed(named));
  }

  #timed(woken: readonly WokenCall[]): number {
    for (const { lateMs } of woken) this.onWoken(lateMs);
    return this.#resume(woken);
  }

  #resume(woken: readonly WokenCall[]): number {
    for (const { owned } of woken) void this.resumeCall.execute(owned, 'in_turn');
    return woken.length;
  }
}
