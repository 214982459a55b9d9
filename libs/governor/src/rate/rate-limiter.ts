import { errorMessage, NaturalBatcher, type Clock } from '@action-mesh/kernel';

import type { Block, Demand, Grant, LimitStore, ProbeLease, Verdict } from './limit-store.port.js';
import { LocalLimiter } from './local-limiter.js';

export type LimiterMode = 'shared' | 'local';

export interface RateLimiterOptions {
  /** Absent: each instance enforces its share, for good. */
  readonly store?: LimitStore;
  readonly clock: Clock;
  /** How many instances share the limits now. */
  readonly instances: () => number;
  /** Told of each change, and why; once at the start where there is no store. */
  readonly onMode?: (mode: LimiterMode, reason: string) => void;
  /** Blocks that are in force here, to be told to a store that does not have them. */
  readonly knownBlocks: () => readonly Block[];
  /** How long an answer of the store may take. @default 50 */
  readonly timeoutMs?: number;
  /** How long after its return the store is left alone, so that all instances are back by then. @default 1000 */
  readonly handoverMs?: number;
  /** How often the store is looked at. @default 200 */
  readonly watchEveryMs?: number;
}

/** A connection on which nothing came for so long is given up. */
const giveUpAfterMs = 5_000;
const maxBatch = 128;
const nothing: Demand = { counters: [], block: '' };

/**
 * Takes tokens where all instances count together, and where that is not possible from this instance's share.
 *
 * - M1: a demand is decided once, by the store or locally; there is no third way, so a limit is never open (I10).
 * - M2: a local period begins with empty buckets. It ends for all instances at one time that they find in the store, and
 *   what was taken in it is charged in the same script that takes the next token for all.
 * - M3: an answer that came too late counts as none. Its tokens are lost.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #store: LimitStore | undefined;
  readonly #local: LocalLimiter;
  readonly #batcher: NaturalBatcher<Demand, Verdict>;
  #mode: LimiterMode = 'local';
  #reason = 'there is no Redis: REDIS_URL is not set';
  /** When the local period may end. */
  #joinAtMs: number | undefined;
  #joinedBefore = false;
  /** Since when an answer is missing that is still waited for. */
  #hangingSinceMs: number | undefined;
  #watching: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#local = new LocalLimiter(options.clock, options.instances);
    this.#batcher = new NaturalBatcher({ maxItems: maxBatch }, (demands) => this.#decide(demands));
    if (this.#store === undefined) {
      this.#local.begin('full');
      options.onMode?.('local', this.#reason);
      return;
    }
    this.#reason = 'Redis has not answered yet';
    this.#local.begin('empty');
    this.#store.onWiped(() => this.#tellBlocks());
    this.#watchSoon(0);
  }

  get mode(): LimiterMode {
    return this.#mode;
  }

  /** Why the mode is what it is. */
  get reason(): string {
    return this.#reason;
  }

  ask(demand: Demand): Promise<Verdict> {
    return this.#batcher.add(demand);
  }

  /** For a request that was not sent after all. */
  giveBack(grant: Grant): void {
    if (grant.counters.length === 0) return;
    this.#local.giveBack(grant);
    this.#tell((store) => store.giveBack(grant));
  }

  block(block: Block): void {
    this.#tell((store) => store.block([block]));
  }

  endProbe(probe: ProbeLease, holdMs: number): void {
    this.#tell((store) => store.endProbe(probe, holdMs));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#watching);
    await this.#batcher.idle();
    await this.#store?.close();
  }

  async #decide(demands: readonly Demand[]): Promise<readonly Verdict[]> {
    const store = this.#store;
    if (store !== undefined && this.#isShared(store)) {
      try {
        const charges = this.#mode === 'shared' ? [] : this.#local.charges();
        const verdicts = await this.#answer(store.decide(demands, charges));
        this.#enterShared();
        return verdicts;
      } catch (error) {
        this.#enterLocal(errorMessage(error));
      }
    }
    return demands.map(({ counters }) => this.#local.take(counters));
  }

  #isShared(store: LimitStore): boolean {
    if (store.problem !== undefined) this.#enterLocal(store.problem);
    if (this.#mode === 'shared') return true;
    return this.#joinAtMs !== undefined && this.#options.clock.monotonicMs() >= this.#joinAtMs;
  }

  #enterShared(): void {
    if (this.#mode === 'shared') return;
    this.#mode = 'shared';
    this.#reason = 'Redis answers';
    this.#joinAtMs = undefined;
    this.#joinedBefore = true;
    this.#options.onMode?.('shared', this.#reason);
    this.#tellBlocks();
  }

  #enterLocal(reason: string): void {
    this.#reason = reason;
    this.#joinAtMs = undefined;
    if (this.#mode === 'local') return;
    this.#mode = 'local';
    this.#local.begin('empty');
    this.#options.onMode?.('local', reason);
  }

  #watchSoon(afterMs: number): void {
    if (this.#closed) return;
    this.#watching = setTimeout(() => {
      void this.#watch().finally(() => this.#watchSoon(this.#options.watchEveryMs ?? 200));
    }, afterMs);
    this.#watching.unref();
  }

  /** Notices a loss without traffic, and finds the way back (M2). Never rejects. */
  async #watch(): Promise<void> {
    const store = this.#store;
    if (store === undefined) return;
    if (store.problem !== undefined) {
      this.#enterLocal(store.problem);
      return;
    }
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#hangingSinceMs !== undefined) {
      if (nowMs - this.#hangingSinceMs > giveUpAfterMs) store.reconnect();
      return;
    }
    if (this.#mode === 'shared') return;
    try {
      if (this.#joinAtMs === undefined) {
        const handoverMs = this.#joinedBefore ? (this.#options.handoverMs ?? 1_000) : 0;
        const leftMs = await this.#answer(store.handover(handoverMs));
        this.#joinAtMs = nowMs + leftMs;
      }
      if (this.#options.clock.monotonicMs() >= this.#joinAtMs) await this.ask(nothing);
    } catch (error) {
      this.#enterLocal(errorMessage(error));
    }
  }

  /** The store's answer, if it comes in time (M3). */
  #answer<Answer>(asked: Promise<Answer>): Promise<Answer> {
    const timeoutMs = this.#options.timeoutMs ?? 50;
    const askedAtMs = this.#options.clock.monotonicMs();
    return new Promise((resolve, reject) => {
      const tooLate = (): void => {
        this.#hangingSinceMs ??= askedAtMs;
        reject(new Error(`Redis did not answer within ${timeoutMs} ms`));
      };
      // What was late is this process, when the answer is found in the socket right after the timer.
      const timer = setTimeout(() => setImmediate(tooLate), timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#hangingSinceMs = undefined;
      };
      asked.then(
        (answer) => {
          settle();
          resolve(answer);
        },
        (error: unknown) => {
          settle();
          reject(error instanceof Error ? error : new Error(errorMessage(error)));
        },
      );
    });
  }

  #tellBlocks(): void {
    const blocks = this.#options.knownBlocks();
    if (blocks.length > 0) this.#tell((store) => store.block(blocks));
  }

  /** News that the store can do without: tokens that stay taken, a lease that runs out, a block that is told again. */
  #tell(news: (store: LimitStore) => Promise<void>): void {
    const store = this.#store;
    if (store === undefined || store.problem !== undefined) return;
    news(store).catch(() => undefined);
  }
}
