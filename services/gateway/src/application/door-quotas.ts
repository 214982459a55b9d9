import type { Quota } from '@action-mesh/contracts/auth-broker';
import type { IdentityDirectory, Principal } from '@action-mesh/identity';
import type { Clock } from '@action-mesh/kernel';

import { QuotaSpentError, type SpentQuota } from '../domain/gateway.errors.js';

type Owner = SpentQuota['owner'];
type What = keyof Quota;
type Rate = NonNullable<Quota[What]>;

/** The use of one quota. */
interface Meter {
  /** The time at which the bucket is full again, monotonic milliseconds. */
  fullAtMs: number;
  /** The day of `usedToday`, counted from 1970 in UTC. */
  day: number;
  usedToday: number;
}

const dayMs = 86_400_000;
/** The error of sums of fractions. */
const roundingMs = 0.001;
/** Meters that may exist before idle ones are dropped. */
const meterCrowd = 10_000;

/**
 * The quotas of keys and tenants at this gateway: token buckets and counts per UTC day. Each gateway counts for itself,
 * from zero at its start.
 *
 * - DQ1: in any time `t`, a bucket gives at most its burst and `t` at its sustained rate.
 * - DQ2: a request or call takes from both quotas, of its key and of its tenant, or from neither.
 * - DQ3: quotas of one owner never refuse another owner.
 */
export class DoorQuotas {
  readonly #tenants: Pick<IdentityDirectory, 'tenant'>;
  readonly #clock: Clock;
  readonly #meters: Readonly<Record<What, Readonly<Record<Owner, Map<string, Meter>>>>> = {
    requests: { key: new Map(), tenant: new Map() },
    calls: { key: new Map(), tenant: new Map() },
  };

  constructor(tenants: Pick<IdentityDirectory, 'tenant'>, clock: Clock) {
    this.#tenants = tenants;
    this.#clock = clock;
  }

  /** Takes one request or call. Throws `QuotaSpentError`. */
  take({ keyId, tenantId, quota }: Principal, what: What): void {
    const ofKey = quota?.[what];
    const ofTenant = this.#tenants.tenant(tenantId)?.quota?.[what];
    if (ofKey === undefined && ofTenant === undefined) return;
    const meters = this.#meters[what];
    const key = ofKey === undefined || keyId === undefined ? undefined : this.#meter(meters.key, keyId);
    const tenant = ofTenant === undefined ? undefined : this.#meter(meters.tenant, tenantId);
    const spent =
      (key && ofKey && this.#spent(key, ofKey, 'key', what)) ??
      (tenant && ofTenant && this.#spent(tenant, ofTenant, 'tenant', what));
    if (spent !== undefined) throw new QuotaSpentError(spent);
    if (key && ofKey) this.#use(key, ofKey);
    if (tenant && ofTenant) this.#use(tenant, ofTenant);
  }

  /** The meter of an owner, at the present day. */
  #meter(meters: Map<string, Meter>, id: string): Meter {
    const day = Math.floor(this.#clock.now() / dayMs);
    const known = meters.get(id);
    if (known !== undefined) {
      if (known.day !== day) Object.assign(known, { day, usedToday: 0 });
      return known;
    }
    if (meters.size >= meterCrowd) this.#dropIdle(meters, day);
    const made: Meter = { fullAtMs: this.#clock.monotonicMs(), day, usedToday: 0 };
    meters.set(id, made);
    return made;
  }

  /** A dropped meter equals a new one. */
  #dropIdle(meters: Map<string, Meter>, day: number): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [id, meter] of meters) {
      if (meter.fullAtMs <= nowMs && (meter.day !== day || meter.usedToday === 0)) meters.delete(id);
    }
  }

  #spent(meter: Meter, rate: Rate, owner: Owner, what: What): SpentQuota | undefined {
    if (rate.per_day !== undefined && meter.usedToday >= rate.per_day) {
      const retryAfterS = Math.ceil(((meter.day + 1) * dayMs - this.#clock.now()) / 1_000);
      return { owner, what, period: 'day', limit: rate.per_day, retryAfterS };
    }
    if (rate.per_second === undefined) return undefined;
    const burst = burstOf(rate, rate.per_second);
    const emptyMs = meter.fullAtMs - this.#clock.monotonicMs();
    const waitMs = emptyMs - ((burst - 1) * 1_000) / rate.per_second;
    if (waitMs < roundingMs) return undefined;
    return { owner, what, period: 'second', limit: burst, retryAfterS: Math.ceil(waitMs / 1_000) };
  }

  #use(meter: Meter, { per_second: perSecond, per_day: perDay }: Rate): void {
    if (perDay !== undefined) meter.usedToday += 1;
    if (perSecond !== undefined) {
      meter.fullAtMs = Math.max(meter.fullAtMs, this.#clock.monotonicMs()) + 1_000 / perSecond;
    }
  }
}

/** The most at once: by default the sustained rate of one second. */
function burstOf({ burst }: Rate, perSecond: number): number {
  return burst ?? Math.max(1, Math.floor(perSecond));
}
