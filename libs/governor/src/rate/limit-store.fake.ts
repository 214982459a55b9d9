import type { Clock } from '@action-mesh/kernel';

import { charge, emptyBucket, giveBack, take, type Bucket } from './gcra.js';
import type {
  Block,
  Charge,
  Counter,
  Demand,
  TokenGrant,
  LimitStore,
  ProbeLease,
  LimitDecision,
} from './limit-store.port.js';

/** A store in memory that tests can lose, slow down or flush. Instances that share it count together. */
export class FakeLimitStore implements LimitStore {
  problem: string | undefined;
  /** While true, the store does not answer. */
  silent = false;
  /** How long an answer takes, milliseconds. */
  answersAfterMs = 0;
  decisions = 0;
  reconnects = 0;
  readonly charged: Charge[] = [];
  readonly blocks = new Map<string, number>();
  readonly probes = new Map<string, { token: string; untilMs: number }>();
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  #emptyAtUs: number | undefined;
  #life = 0;
  #handoverAtMs = 0;
  #blockListeners: ((block: Block) => void)[] = [];
  #wipeListeners: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Loses the whole state, and all instances notice it. */
  flush(): void {
    this.#buckets.clear();
    this.blocks.clear();
    this.#emptyAtUs = this.#nowUs();
    this.#life += 1;
    for (const listener of this.#wipeListeners) listener();
  }

  async decide(demands: readonly Demand[], charges: readonly Charge[]): Promise<readonly LimitDecision[]> {
    await this.#reach();
    this.decisions += 1;
    for (const { counter, cost } of charges) {
      this.charged.push({ counter, cost });
      this.#buckets.set(counter.key, charge(this.#bucket(counter), counter.rate, this.#nowUs(), cost));
    }
    return demands.map((demand) => this.#decideOne(demand));
  }

  async giveBack({ counters, takenAtUs, life }: TokenGrant): Promise<void> {
    await this.#reach();
    if (life !== String(this.#life)) return;
    for (const { key, rate } of counters) {
      const bucket = this.#buckets.get(key);
      if (bucket === undefined) continue;
      this.#buckets.set(key, giveBack(bucket, rate, { nowUs: this.#nowUs(), takenAtUs }));
    }
  }

  async block(blocks: readonly Block[]): Promise<void> {
    await this.#reach();
    for (const { block, forMs } of blocks) {
      this.blocks.set(block, this.#clock.monotonicMs() + forMs);
      for (const listener of this.#blockListeners) listener({ block, forMs });
    }
  }

  async endProbe({ key, token }: ProbeLease, holdMs: number): Promise<void> {
    await this.#reach();
    if (this.probes.get(key)?.token !== token) return;
    if (holdMs > 0) this.probes.set(key, { token, untilMs: this.#clock.monotonicMs() + holdMs });
    else this.probes.delete(key);
  }

  async handover(afterMs: number): Promise<number> {
    await this.#reach();
    const nowMs = this.#clock.monotonicMs();
    if (this.#handoverAtMs <= nowMs) this.#handoverAtMs = nowMs + afterMs;
    return this.#handoverAtMs - nowMs;
  }

  reconnect(): void {
    this.reconnects += 1;
  }

  onBlock(listener: (block: Block) => void): void {
    this.#blockListeners.push(listener);
  }

  onWiped(listener: () => void): void {
    this.#wipeListeners.push(listener);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #decideOne({ counters, block, probe, isLook }: Demand): LimitDecision {
    const nowUs = this.#nowUs();
    const nowMs = this.#clock.monotonicMs();
    const blockedUntilMs = this.blocks.get(block) ?? 0;
    if (blockedUntilMs > nowMs) return { kind: 'blocked', waitMs: blockedUntilMs - nowMs };
    const takings = counters.map((counter) => take(this.#bucket(counter), counter.rate, nowUs));
    for (const [index, taking] of takings.entries()) {
      const counter = counters[index] as Counter;
      if (!taking.taken) return { kind: 'limited', waitMs: Math.ceil(taking.waitUs / 1_000), counter };
    }
    if (probe !== undefined) {
      const held = this.probes.get(probe.key);
      if (held !== undefined && held.untilMs > nowMs)
        return { kind: 'probing', waitMs: held.untilMs - nowMs };
      this.probes.set(probe.key, { token: probe.token, untilMs: nowMs + probe.leaseMs });
    }
    for (const [index, taking] of takings.entries()) {
      if (taking.taken && isLook !== true) this.#buckets.set((counters[index] as Counter).key, taking.bucket);
    }
    return { kind: 'granted', grant: { counters, takenAtUs: nowUs, life: String(this.#life) } };
  }

  #bucket({ key, rate }: Counter): Bucket | undefined {
    const known = this.#buckets.get(key);
    if (known !== undefined || this.#emptyAtUs === undefined) return known;
    return emptyBucket(rate, this.#emptyAtUs);
  }

  async #reach(): Promise<void> {
    if (this.answersAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answersAfterMs));
    if (this.silent) await new Promise<never>(() => undefined);
    if (this.problem !== undefined) throw new Error(this.problem);
  }

  #nowUs(): number {
    return Math.floor(this.#clock.monotonicMs() * 1_000);
  }
}
