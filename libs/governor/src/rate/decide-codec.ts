import type { Charge, Demand, LimitDecision } from './limit-store.port.js';

/** The keys of one batch, each once. The position of a key is its number in the script. */
export class KeyList {
  readonly keys: string[];
  readonly #places = new Map<string, number>();

  constructor(first: readonly string[]) {
    this.keys = [...first];
  }

  place(key: string): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.keys.push(key);
    this.#places.set(key, place);
    return place;
  }
}

/** Encodes a batch as the arguments of `decideScript`. */
export function encodeBatch(
  demands: readonly Demand[],
  charges: readonly Charge[],
  keys: KeyList,
  nameOf: (kind: 'count' | 'probe', key: string) => string,
): (string | number)[] {
  const args: (string | number)[] = [charges.length];
  for (const { counter, cost } of charges) {
    const { intervalUs, burst } = counter.rate;
    args.push(keys.place(nameOf('count', counter.key)), intervalUs, burst, cost);
  }
  args.push(demands.length);
  for (const { block, probe, counters, isLook } of demands) {
    const probePlace = probe === undefined ? 0 : keys.place(nameOf('probe', probe.key));
    args.push(
      block,
      probePlace,
      probe?.token ?? '',
      probe?.leaseMs ?? 0,
      isLook === true ? 1 : 0,
      counters.length,
    );
    for (const { key, rate } of counters) {
      args.push(keys.place(nameOf('count', key)), rate.intervalUs, rate.burst);
    }
  }
  return args;
}

/** The answer of `decideScript`: the life of the state, and a verdict for each demand. */
export interface DecideAnswer {
  readonly born: string;
  readonly decisions: readonly LimitDecision[];
}

export function decodeAnswer(answer: unknown, demands: readonly Demand[]): DecideAnswer {
  const [born, life, now, ...rest] = answer as [string, string, string, ...number[]];
  const decisions = demands.map(({ counters }, index): LimitDecision => {
    const [code, waitUs, ordinal] = rest.slice(index * 3, index * 3 + 3) as [number, number, number];
    const waitMs = Math.ceil(waitUs / 1_000);
    if (code === 0) return { kind: 'granted', grant: { counters, takenAtUs: Number(now), life } };
    const counter = counters[ordinal - 1];
    if (code === 1 && counter !== undefined) return { kind: 'limited', waitMs, counter };
    return { kind: code === 2 ? 'blocked' : 'probing', waitMs };
  });
  return { born, decisions };
}
