import type {
  KeyedEffectCount,
  EffectFilter,
  EffectOutcome,
  EffectReport,
  RecordedRequest,
  RequestFilter,
} from './oracle.js';

/**
 * One number holds effects in its high part and requests in its low part. A million keys then need only a map of small
 * numbers.
 */
const effectBit = 2 ** 26;
const defaultLimit = 10_000;

/**
 * The provider's record of effects: counters per effect key without a bound, and the latest requests.
 *
 * - EL1: a request is counted before its answer can leave.
 * - EL2: an absolute write (PUT, DELETE) repeated under the same key with the same content is a request, not an effect.
 */
export class EffectLedger {
  readonly #counts = new Map<string, number>();
  readonly #absoluteWrites = new Set<string>();
  #requests: RecordedRequest[] = [];
  #total = 0;
  #effects = 0;

  readonly #limits: { readonly compact: boolean; readonly maxRequests: number };

  constructor(limits: { readonly compact: boolean; readonly maxRequests: number }) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Requests seen so far under this key. */
  requestsOf(key: string): number {
    return (this.#counts.get(key) ?? 0) % effectBit;
  }

  /** Decides whether an absolute write is new under its key, and remembers it. */
  admitAbsolute(identity: string): EffectOutcome {
    if (this.#absoluteWrites.has(identity)) return 'repeat';
    this.#absoluteWrites.add(identity);
    return 'new';
  }

  /** Counts the request. Calls `describe` only when requests are kept. */
  record(key: string, effect: EffectOutcome, describe: (seq: number) => RecordedRequest): void {
    this.#total += 1;
    const isNew = effect === 'new';
    if (isNew) this.#effects += 1;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1 + (isNew ? effectBit : 0));
    if (this.#limits.compact) return;
    this.#requests.push(describe(this.#total));
    // Dropping half of the requests at a time keeps the cost per request constant.
    if (this.#requests.length >= this.#limits.maxRequests * 2) {
      this.#requests = this.#requests.slice(-this.#limits.maxRequests);
    }
  }

  requests(filter: RequestFilter): RecordedRequest[] {
    const kept = this.#requests.slice(-this.#limits.maxRequests);
    const { path, method, key, callId } = filter;
    return kept
      .filter(
        (request) =>
          (path === undefined || request.path.startsWith(path)) &&
          (method === undefined || request.method === method) &&
          (key === undefined || request.key === key) &&
          (callId === undefined || request.callId === callId),
      )
      .slice(-(filter.limit ?? defaultLimit));
  }

  effects(filter: EffectFilter): EffectReport {
    const limit = filter.limit ?? defaultLimit;
    if (filter.key !== undefined) {
      const count = this.#countOf(filter.key, this.#counts.get(filter.key) ?? 0);
      const byKey = count.requests > 0 ? [count] : [];
      const duplicates = byKey.filter(({ effects }) => effects > 1);
      return { requests: count.requests, effects: count.effects, keys: byKey.length, duplicates, byKey };
    }
    const byKey: KeyedEffectCount[] = [];
    const duplicates: KeyedEffectCount[] = [];
    for (const [key, packed] of this.#counts) {
      if (byKey.length < limit) byKey.push(this.#countOf(key, packed));
      if (packed >= 2 * effectBit && duplicates.length < limit) duplicates.push(this.#countOf(key, packed));
    }
    return {
      requests: this.#total,
      effects: this.#effects,
      keys: this.#counts.size,
      duplicates,
      byKey,
    };
  }

  clear(): void {
    this.#counts.clear();
    this.#absoluteWrites.clear();
    this.#requests = [];
    this.#total = 0;
    this.#effects = 0;
  }

  #countOf(key: string, packed: number): KeyedEffectCount {
    return { key, requests: packed % effectBit, effects: Math.floor(packed / effectBit) };
  }
}
