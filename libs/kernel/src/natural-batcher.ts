/** Bounds of one batch. */
export interface BatchLimits<T> {
  readonly maxItems: number;
  /** The most bytes of one batch. A larger item travels alone. */
  readonly maxBytes?: number;
  /** The size of one item in bytes. Required with `maxBytes`. */
  readonly sizeOf?: (item: T) => number;
  /**
   * Batches that may be under way at once.
   * @default 1
   */
  readonly concurrency?: number;
}

interface Pending<T, R> {
  readonly item: T;
  readonly bytes: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Natural batching. An idle batcher flushes an item at once. While a flush is under way, new items gather for the
 * next one. There is no linger timer: an idle system pays no latency, and a busy one gets large batches.
 *
 * - B1: at most `concurrency` flushes are under way.
 * - B2: items are flushed in the order in which they were added.
 * - B3: every `add` settles: with its own result, or with the error that failed its batch.
 */
export class NaturalBatcher<T, R> {
  readonly #flush: (items: readonly T[]) => Promise<readonly R[]>;
  readonly #limits: BatchLimits<T>;
  readonly #concurrency: number;
  #queue: Pending<T, R>[] = [];
  #underWay = 0;
  #itemsUnderWay = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  /** `flush` returns one result per item, in the order of the items. */
  constructor(limits: BatchLimits<T>, flush: (items: readonly T[]) => Promise<readonly R[]>) {
    this.#limits = limits;
    this.#concurrency = limits.concurrency ?? 1;
    requirePositive('maxItems', limits.maxItems);
    requirePositive('concurrency', this.#concurrency);
    if (limits.maxBytes !== undefined && limits.sizeOf === undefined) {
      throw new RangeError('maxBytes has no effect without sizeOf: pass sizeOf');
    }
    this.#flush = flush;
  }

  /** Items that wait or are in a flush. */
  get pending(): number {
    return this.#queue.length + this.#itemsUnderWay;
  }

  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#queue.push({ item, bytes: this.#limits.sizeOf?.(item) ?? 0, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when no item waits and no flush is under way. */
  async idle(): Promise<void> {
    // The receiver of a result may add the next item before this code learns that the batcher is empty.
    while (this.pending > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /**
   * Flushes after this turn of the event loop, so all items of one turn travel together, whichever socket brought
   * them. A batch of one costs about as much as a batch of ten.
   */
  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.#concurrency) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#queue.length > 0 && this.#underWay < this.#concurrency) void this.#run(this.#take());
    });
  }

  #take(): Pending<T, R>[] {
    const { maxItems, maxBytes = Infinity } = this.#limits;
    let bytes = 0;
    let count = 0;
    for (const pending of this.#queue) {
      if (count === maxItems || (count > 0 && bytes + pending.bytes > maxBytes)) break;
      bytes += pending.bytes;
      count += 1;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return batch;
  }

  async #run(batch: readonly Pending<T, R>[]): Promise<void> {
    this.#underWay += 1;
    this.#itemsUnderWay += batch.length;
    try {
      const results = await this.#flush(batch.map((pending) => pending.item));
      if (results.length !== batch.length) {
        throw new Error(`a batch of ${batch.length} items was answered with ${results.length} results`);
      }
      batch.forEach((pending, index) => pending.resolve(results[index] as R));
    } catch (error) {
      for (const pending of batch) pending.reject(error);
    } finally {
      this.#underWay -= 1;
      this.#itemsUnderWay -= batch.length;
      if (this.#queue.length > 0) this.#schedule();
      else if (this.#underWay === 0) this.#idle.splice(0).forEach((resolve) => resolve());
    }
  }
}

function requirePositive(name: string, value: number): void {
  // Zero would never flush, or flush nothing forever.
  if (!(value >= 1)) throw new RangeError(`${name} must be at least 1`);
}
