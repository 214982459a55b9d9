import type { Clock } from '@action-mesh/kernel';

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly untilMs: number;
}

/**
 * A bounded cache of loaded values. Callers that ask for a value during its load share that load. It keeps no failures.
 */
export class ExpiringCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #limits: { readonly most: number; readonly forMs: number };
  readonly #clock: Clock;

  constructor(limits: { readonly most: number; readonly forMs: number }, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get(name: string, load: () => Promise<Value>): Promise<Value> {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#entries.get(name);
    if (known !== undefined && known.untilMs > nowMs) {
      // A map keeps the order of insertion: the first entry is the one that was not used for the longest time.
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known.value;
    }
    this.#entries.delete(name);
    const value = load();
    const entry = { value, untilMs: nowMs + this.#limits.forMs };
    this.#entries.set(name, entry);
    value.catch(() => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limits.most && oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }
}
