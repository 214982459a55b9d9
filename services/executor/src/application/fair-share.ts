import type { Clock } from '@action-mesh/kernel';

import { LinkedList, ListNode } from './linked-list.js';
import { TenantConcurrencyCap } from './tenant-concurrency-cap.js';
import { TenantShare, type CredentialShare, type QueuedCall } from './tenant-share.js';

/** The tenant of a call, and the credential of its requests. */
export interface ShareKey {
  readonly tenantId: string;
  readonly credential: string;
}

/** `overflow`: the tenant has too many waiting calls already. `later`: the wait exceeded the call's patience. */
export type SlotDecision = 'granted' | 'overflow' | 'later';

export interface FairShareOptions {
  /** Calls that run at once. */
  readonly total: number;
  /** Calls that run at once with one credential. @default 64 */
  readonly perCredential?: number;
  /** Calls of one tenant that may wait for a slot. @default 256 */
  readonly waitingPerTenant?: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** The number of parked calls that may be woken. */
export interface WakeCapacity {
  /** The number for each tenant that is busy here. */
  readonly byTenant: ReadonlyMap<string, number>;
  /** The number for each other tenant. */
  readonly others: number;
}

/** Milliseconds that a call of another tenant is remembered. */
const mixedForMs = 2_000;

/** The lowest cap on the slots of one tenant while other tenants run calls. */
const leastTenantCap = 16;

/** Calls of a tenant that may be fetched from the ledger ahead of their turn, even while others wait. */
const fetchedAhead = 16;

/**
 * Shares out the slots for the calls that this process runs at once. Tenants take turns by deficit round robin. A turn
 * costs as much as the calls of the tenant hold their slots. Within a tenant, its credentials take turns.
 *
 * A tenant on its own gets all slots except a reserve of one sixteenth. Without this reserve, a flood to a provider that
 * hangs would hold every slot. No other tenant's call could start before the flood's first request times out.
 *
 * While other tenants wait for a slot, a tenant gets no further one beyond half of them. Turns alone bound how often a
 * tenant's calls start, but not how many slots its slow calls hold.
 *
 * While other tenants run calls now and then, a tenant gets only as many slots as keep the others' calls fast
 * ({@link TenantConcurrencyCap}).
 *
 * - F1: no call waits without a reason: while a slot is free, all waiting calls are at a bound of their own.
 * - F2: only `force` exceeds a bound, and forced work is paid back before any other call starts.
 * - F3: no tenant waits longer than the others take for 16 turns each, once slots become free.
 * - F4: each tenant has a bounded number of waiting calls. A tenant without a running call costs no memory.
 */
export class FairShare {
  readonly #options: Required<FairShareOptions>;
  readonly #reserve: number;
  readonly #half: number;
  readonly #tenants = new Map<string, TenantShare>();
  /** Tenants with a call that waits only for a slot or for the tenant's own bound. */
  readonly #ready = new LinkedList<TenantShare>();
  readonly #idle: (() => void)[] = [];
  readonly #tenantCap: TenantConcurrencyCap;
  #free: number;
  /** The tenant of the call that started last, and the time of that start. */
  #lastTenant = '';
  #lastAtMs = -Infinity;
  /** The time since which calls of two tenants have started. */
  #mixedAtMs = -Infinity;

  constructor(options: FairShareOptions) {
    this.#options = { perCredential: 64, waitingPerTenant: 256, ...options };
    this.#free = options.total;
    this.#reserve = Math.floor(options.total / 16);
    this.#half = Math.ceil(options.total / 2);
    const most = options.total - this.#reserve;
    this.#tenantCap = new TenantConcurrencyCap({
      most,
      least: Math.min(leastTenantCap, most),
      clock: options.clock,
    });
  }

  /** How many more calls could run now. Negative when owned work exceeds the total. */
  get free(): number {
    return this.#free;
  }

  /** Notes the duration of a commit of the ledger. It shows how much more load fits beside the rest. */
  committed(tookMs: number): void {
    this.#tenantCap.observe(tookMs);
  }

  get inUse(): number {
    return this.#options.total - this.#free;
  }

  /** Waits for a slot in turn, at most `patienceMs` milliseconds. */
  acquire(key: ShareKey, patienceMs: number): Promise<SlotDecision> {
    const tenant = this.#tenant(key.tenantId);
    const credential = tenant.credential(key.credential);
    if (this.#startAtOnce(tenant, credential)) return Promise.resolve<SlotDecision>('granted');
    if (tenant.waiting >= this.#options.waitingPerTenant) {
      tenant.settle(credential);
      return Promise.resolve<SlotDecision>('overflow');
    }
    return new Promise((resolve) => {
      const node = new ListNode<QueuedCall>({
        credential,
        owned: false,
        start: () => {
          clearTimeout(timer);
          resolve('granted');
        },
      });
      const timer = setTimeout(() => {
        tenant.dequeue(node);
        this.#settle(tenant);
        resolve('later');
      }, patienceMs);
      this.#enqueue(tenant, node);
    });
  }

  /** Waits for a slot in turn, without a limit: for owned work that no other instance can do. */
  join(key: ShareKey): Promise<void> {
    const tenant = this.#tenant(key.tenantId);
    const credential = tenant.credential(key.credential);
    if (this.#startAtOnce(tenant, credential)) return Promise.resolve();
    return new Promise((start) => {
      this.#enqueue(tenant, new ListNode<QueuedCall>({ credential, owned: true, start }));
    });
  }

  /** Takes a slot without waiting, beyond every bound if necessary: for owned work that may not wait. */
  force(key: ShareKey): void {
    const tenant = this.#tenant(key.tenantId);
    this.#take(tenant, tenant.credential(key.credential));
  }

  release(key: ShareKey): void {
    const tenant = this.#tenant(key.tenantId);
    this.#free += 1;
    tenant.giveBack(tenant.credential(key.credential), this.#options.clock.monotonicMs());
    this.#settle(tenant);
    if (this.#free === this.#options.total) this.#idle.splice(0).forEach((resolve) => resolve());
  }

  /** Resolves when no slot is in use. */
  async idle(): Promise<void> {
    if (this.#free === this.#options.total) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** The number of parked calls that may be woken, by tenant. */
  capacity(): WakeCapacity {
    const byTenant = new Map<string, number>();
    const free = this.#free - this.#reserve;
    for (const { id, waiting, owned } of this.#tenants.values()) {
      byTenant.set(id, Math.max(0, free - waiting, fetchedAhead - owned));
    }
    return { byTenant, others: Math.max(free, fetchedAhead) };
  }

  #tenant(id: string): TenantShare {
    let found = this.#tenants.get(id);
    if (found === undefined) {
      found = new TenantShare(id, this.#options.perCredential, this.#options.clock.monotonicMs());
      this.#tenants.set(id, found);
    }
    return found;
  }

  #startAtOnce(tenant: TenantShare, credential: CredentialShare): boolean {
    // While a slot is free, all waiting calls are at a bound (F1), so this call overtakes none of them.
    if (this.#free <= 0 || this.#isFull(tenant) || credential.inUse >= this.#options.perCredential)
      return false;
    this.#take(tenant, credential);
    return true;
  }

  #take(tenant: TenantShare, credential: CredentialShare): void {
    this.#free -= 1;
    tenant.take(credential, this.#started(tenant));
  }

  /**
   * Notes the start of a call and returns the time. Remembers the time when another tenant's call started before this
   * one.
   */
  #started({ id }: TenantShare): number {
    const nowMs = this.#options.clock.monotonicMs();
    if (id !== this.#lastTenant) this.#mixedAtMs = this.#lastAtMs;
    this.#lastTenant = id;
    this.#lastAtMs = nowMs;
    return nowMs;
  }

  #enqueue(tenant: TenantShare, node: ListNode<QueuedCall>): void {
    // The first call of a tenant after a while does not wait to save up credit.
    if (tenant.waiting === 0) tenant.credit = tenant.cost;
    tenant.enqueue(node);
    this.#settle(tenant);
  }

  /** Moves the tenant to its right list after a change, and starts every call that can start now. */
  #settle(tenant: TenantShare): void {
    this.#updateReady(tenant);
    if (tenant.inUse === 0 && tenant.waiting === 0) this.#tenants.delete(tenant.id);
    this.#serve();
  }

  #updateReady(tenant: TenantShare): void {
    if (tenant.ready.length > 0) this.#ready.append(tenant.node);
    else this.#ready.remove(tenant.node);
  }

  #serve(): void {
    for (let full = 0; this.#free > 0 && full < this.#ready.length; ) {
      const tenant = this.#ready.first?.value;
      if (tenant === undefined) return;
      if (this.#isFull(tenant)) {
        this.#ready.rotate();
        full += 1;
        continue;
      }
      full = 0;
      if (tenant.credit < tenant.cost && this.#ready.length > 1) {
        tenant.credit += 1;
        this.#ready.rotate();
        continue;
      }
      tenant.credit = Math.max(0, tenant.credit - tenant.cost);
      this.#free -= 1;
      tenant.startNext(this.#started(tenant));
      this.#updateReady(tenant);
    }
  }

  #isFull(tenant: TenantShare): boolean {
    return tenant.inUse >= this.#bound(tenant);
  }

  #bound(tenant: TenantShare): number {
    const othersWait = this.#ready.length > (tenant.node.isLinked ? 1 : 0);
    const bound = othersWait ? this.#half : this.#options.total - this.#reserve;
    const isMixed = this.#options.clock.monotonicMs() - this.#mixedAtMs < mixedForMs;
    return isMixed ? Math.min(bound, this.#tenantCap.value) : bound;
  }
}
