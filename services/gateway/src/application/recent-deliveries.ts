import type { Clock } from '@action-mesh/kernel';

const mostDeliveries = 20_000;
const rememberedForMs = 600_000;

/**
 * The deliveries that this gateway wrote in the last minutes. A repetition of one needs no second record. The service for
 * webhooks recognises every repetition; this memory only saves work.
 *
 * - RD1: never more than 20,000 deliveries; the oldest is forgotten first.
 * - RD2: a delivery whose write failed is forgotten at once.
 */
export class RecentDeliveries {
  readonly #written = new Map<string, { readonly atMs: number; readonly done: Promise<void> }>();
  readonly #clock: Pick<Clock, 'monotonicMs'>;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /**
   * Writes a delivery, unless the same one is written or being written. Resolves with `false` for a repetition, once the
   * first one is written.
   */
  async once(key: readonly string[], write: () => Promise<void>): Promise<boolean> {
    const name = JSON.stringify(key);
    const nowMs = this.#clock.monotonicMs();
    const known = this.#written.get(name);
    if (known !== undefined && nowMs - known.atMs <= rememberedForMs) {
      await known.done;
      return false;
    }
    const done = write();
    this.#written.delete(name);
    this.#written.set(name, { atMs: nowMs, done });
    this.#forgetOld(nowMs);
    try {
      await done;
    } catch (error) {
      this.#written.delete(name);
      throw error;
    }
    return true;
  }

  #forgetOld(nowMs: number): void {
    for (const [oldest, { atMs }] of this.#written) {
      if (this.#written.size <= mostDeliveries && nowMs - atMs <= rememberedForMs) break;
      this.#written.delete(oldest);
    }
  }
}
