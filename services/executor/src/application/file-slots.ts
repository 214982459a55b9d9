/** The number of calls with files in memory at once, in total and per tenant. */
export interface FileSlotLimits {
  readonly total: number;
  readonly perTenant: number;
}

interface Waiting {
  readonly tenantId: string;
  readonly enter: () => void;
}

/**
 * Bounds the calls with files in this executor's memory. The next slot goes to the oldest call of a tenant below its
 * share, so slow files of one tenant hold up no other (I11, I12).
 */
export class FileSlots {
  readonly #held = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #total = 0;

  readonly #limits: FileSlotLimits;

  constructor(limits: FileSlotLimits) {
    this.#limits = limits;
  }

  /** Resolves when a slot is free. The caller frees it by calling the returned function once. */
  acquire(tenantId: string): Promise<() => void> {
    return new Promise((resolve) => {
      this.#waiting.push({ tenantId, enter: () => resolve(() => this.#free(tenantId)) });
      this.#admit();
    });
  }

  #admit(): void {
    while (this.#total < this.#limits.total) {
      const next = this.#waiting.findIndex(({ tenantId }) => this.#heldBy(tenantId) < this.#limits.perTenant);
      const [entry] = next === -1 ? [] : this.#waiting.splice(next, 1);
      if (entry === undefined) return;
      this.#total += 1;
      this.#held.set(entry.tenantId, this.#heldBy(entry.tenantId) + 1);
      entry.enter();
    }
  }

  #free(tenantId: string): void {
    this.#total -= 1;
    const held = this.#heldBy(tenantId) - 1;
    if (held === 0) this.#held.delete(tenantId);
    else this.#held.set(tenantId, held);
    this.#admit();
  }

  #heldBy(tenantId: string): number {
    return this.#held.get(tenantId) ?? 0;
  }
}
