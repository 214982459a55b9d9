import { errorMessage, NaturalBatcher, type Clock } from '@action-mesh/kernel';

import type { Block, Demand, TokenGrant, LimitStore, ProbeLease, LimitDecision } from './limit-store.port.js';
import { LocalLimiter } from './local-limiter.js';
import { TimelyAnswers } from './timely-answers.js';

export type LimiterMode = 'shared' | 'local';

export interface RateLimiterOptions {
  /** Absent: each instance always enforces its share. */
  readonly store?: LimitStore;
  readonly clock: Clock;
  /** How many instances share the limits now. */
  readonly instances: () => number;
  /** Called with the reason after each change. Without a store, it is called once at the start. */
  readonly onMode?: (mode: LimiterMode, reason: string) => void;
  /** The blocks in force here, for a store that does not have them. */
  readonly knownBlocks: () => readonly Block[];
  /** The longest time for an answer of the store, milliseconds. @default 50 */
  readonly timeoutMs?: number;
  /**
   * How long the limiter waits after the store's return, milliseconds. All instances are back by then. @default 1000
   */
  readonly handoverMs?: number;
  /** How often the limiter checks the store, milliseconds. @default 200 */
  readonly watchEveryMs?: number;
}

/** How often limits ceased to be shared and became shared again. */
export interface LocalPeriods {
  readonly begun: number;
  readonly ended: number;
  /** Epoch milliseconds of the start of the present period. */
  readonly sinceMs?: number;
}

/** A connection without an answer for this time, in milliseconds, is replaced. A healthy Redis shares limits within 2 s. */
const giveUpAfterMs = 1_000;
/** How long a new connection may take, milliseconds. Then the limiter tries another one. */
const connectWithinMs = 3_000;
/** How long the first connection may take before the limiter reports it missing, milliseconds. */
const quietStartMs = 2_000;
const maxBatch = 128;
const nothing: Demand = { counters: [], block: '' };

/**
 * Takes tokens from the common count of all instances. If that is not possible, it takes them from this instance's share.
 *
 * - RL1: the store or the local share decides each demand once. There is no third way, so a limit is never open (I10).
 * - RL2: a local period begins with empty buckets. It ends for all instances at one time, which they find in the store. The
 *   script that takes the next common token also charges the tokens of the period.
 * - RL3: a late answer does not count. Its tokens are lost.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #store: LimitStore | undefined;
  readonly #local: LocalLimiter;
  readonly #batcher: NaturalBatcher<Demand, LimitDecision>;
  readonly #answers: TimelyAnswers;
  readonly #startedAtMs: number;
  #mode: LimiterMode = 'local';
  #reason = 'there is no Redis: REDIS_URL is not set';
  /** When the local period may end. */
  #joinAtMs: number | undefined;
  #joinedBefore = false;
  /** When the present problem of the store began, or when the store last got a new connection because of it. */
  #brokenSinceMs: number | undefined;
  /** Counts the failures of the store. An answer to a question from before the last failure changes no mode. */
  #losses = 0;
  #begun = 0;
  #ended = 0;
  #localSinceMs: number | undefined;
  #watching: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#answers = new TimelyAnswers(options.clock, options.timeoutMs ?? 50);
    this.#startedAtMs = options.clock.monotonicMs();
    this.#local = new LocalLimiter(options.clock, options.instances);
    this.#batcher = new NaturalBatcher({ maxItems: maxBatch }, (demands) => this.#decide(demands));
    if (this.#store === undefined) {
      this.#local.begin('full');
      this.#tellLocal(this.#reason);
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

  /** The reason for the present mode. */
  get reason(): string {
    return this.#reason;
  }

  /** The local periods. A start that reaches Redis within two seconds is not one. */
  get localPeriods(): LocalPeriods {
    const counts = { begun: this.#begun, ended: this.#ended };
    return this.#localSinceMs === undefined ? counts : { ...counts, sinceMs: this.#localSinceMs };
  }

  ask(demand: Demand): Promise<LimitDecision> {
    return this.#batcher.add(demand);
  }

  /** Returns the tokens of a request that was not sent. */
  giveBack(grant: TokenGrant): void {
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

  async #decide(demands: readonly Demand[]): Promise<readonly LimitDecision[]> {
    const store = this.#store;
    if (store !== undefined && this.#isShared(store)) {
      const losses = this.#losses;
      try {
        const charges = this.#mode === 'shared' ? [] : this.#local.charges();
        const decisions = await this.#answers.of(store.decide(demands, charges));
        if (losses === this.#losses) this.#enterShared();
        return decisions;
      } catch (error) {
        this.#enterLocal(errorMessage(error));
      }
    }
    return demands.map(({ counters, isLook }) => this.#local.take(counters, isLook));
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
    if (this.#localSinceMs !== undefined) this.#ended += 1;
    this.#localSinceMs = undefined;
    this.#options.onMode?.('shared', this.#reason);
    this.#tellBlocks();
  }

  #enterLocal(reason: string): void {
    this.#reason = reason;
    this.#joinAtMs = undefined;
    this.#losses += 1;
    if (this.#mode === 'shared') {
      this.#mode = 'local';
      this.#local.begin('empty');
      this.#tellLocal(reason);
    } else if (this.#localSinceMs === undefined) {
      // The limits have never been shared.
      if (this.#options.clock.monotonicMs() - this.#startedAtMs >= quietStartMs) this.#tellLocal(reason);
    }
  }

  #tellLocal(reason: string): void {
    this.#begun += 1;
    this.#localSinceMs = this.#options.clock.now();
    this.#options.onMode?.('local', reason);
  }

  #watchSoon(afterMs: number): void {
    if (this.#closed) return;
    this.#watching = setTimeout(() => {
      void this.#watch().finally(() => this.#watchSoon(this.#options.watchEveryMs ?? 200));
    }, afterMs);
    this.#watching.unref();
  }

  /** Notices a loss without traffic, and returns to the store (RL2). Never rejects. */
  async #watch(): Promise<void> {
    const store = this.#store;
    if (store === undefined) return;
    const nowMs = this.#options.clock.monotonicMs();
    if (store.problem !== undefined) {
      this.#enterLocal(store.problem);
      this.#brokenSinceMs ??= nowMs;
      if (nowMs - this.#brokenSinceMs > connectWithinMs) this.#reconnect(store, nowMs);
      return;
    }
    this.#brokenSinceMs = undefined;
    const { missingSinceMs } = this.#answers;
    if (missingSinceMs !== undefined) {
      if (nowMs - missingSinceMs > giveUpAfterMs) this.#reconnect(store, nowMs);
      return;
    }
    if (this.#mode === 'shared') return;
    const losses = this.#losses;
    try {
      if (this.#joinAtMs === undefined) {
        const handoverMs = this.#joinedBefore ? (this.#options.handoverMs ?? 1_000) : 0;
        const leftMs = await this.#answers.of(store.handover(handoverMs));
        if (losses !== this.#losses) return;
        this.#joinAtMs = nowMs + leftMs;
      }
      if (this.#options.clock.monotonicMs() >= this.#joinAtMs) await this.ask(nothing);
    } catch (error) {
      this.#enterLocal(errorMessage(error));
    }
  }

  /** Opens at most one new connection per waiting time, even if the attempt fails. */
  #reconnect(store: LimitStore, nowMs: number): void {
    this.#answers.forget();
    this.#brokenSinceMs = nowMs;
    store.reconnect();
  }

  #tellBlocks(): void {
    const blocks = this.#options.knownBlocks();
    if (blocks.length > 0) this.#tell((store) => store.block(blocks));
  }

  /** Sends a message that the store may lose: tokens then stay taken, a lease expires, a block is written again. */
  #tell(news: (store: LimitStore) => Promise<void>): void {
    const store = this.#store;
    if (store === undefined || store.problem !== undefined) return;
    news(store).catch(() => undefined);
  }
}
