import type { FinishedSpan } from '../spans/finished-span.js';

export interface KeptTracesOptions {
  /** Takes spans for export. */
  readonly take: (span: FinishedSpan) => void;
  /** The most spans of undecided traces in memory. @default 4096 */
  readonly maxHeld?: number;
  /** The most kept traces that are remembered. @default 4096 */
  readonly maxKept?: number;
}

/**
 * Decides which spans are exported.
 *
 * - KT1: every span of a sampled trace is exported.
 * - KT2: a trace that is to be kept (of an error, a write, a denial, an approval) is exported although it is not sampled,
 *   with the spans that this process holds and those that it records later.
 * - KT3: spans of undecided traces are bounded in number. The oldest are given up: their trace was not sampled.
 */
export class KeptTraces {
  readonly #options: KeptTracesOptions;
  readonly #maxHeld: number;
  readonly #maxKept: number;
  readonly #held = new Map<string, FinishedSpan[]>();
  readonly #kept = new Set<string>();
  #heldSpans = 0;

  constructor(options: KeptTracesOptions) {
    this.#options = options;
    this.#maxHeld = options.maxHeld ?? 4_096;
    this.#maxKept = options.maxKept ?? 4_096;
  }

  /** The number of spans whose trace is undecided. */
  get held(): number {
    return this.#heldSpans;
  }

  add(span: FinishedSpan): void {
    const { traceId, sampled } = span.trace;
    if (sampled) this.#options.take(span);
    else if (span.keep === true) {
      this.keep(traceId);
      this.#options.take(span);
    } else if (this.#kept.has(traceId)) this.#options.take(span);
    else this.#hold(traceId, span);
  }

  keep(traceId: string): void {
    for (const earlier of this.#forget(traceId)) this.#options.take(earlier);
    this.#kept.add(traceId);
    if (this.#kept.size <= this.#maxKept) return;
    for (const oldest of this.#kept) {
      this.#kept.delete(oldest);
      return;
    }
  }

  #hold(traceId: string, span: FinishedSpan): void {
    const spans = this.#held.get(traceId);
    if (spans === undefined) this.#held.set(traceId, [span]);
    else spans.push(span);
    this.#heldSpans += 1;
    while (this.#heldSpans > this.#maxHeld) {
      const oldest = this.#held.keys().next();
      if (oldest.done === true) return;
      this.#forget(oldest.value);
    }
  }

  #forget(traceId: string): readonly FinishedSpan[] {
    const spans = this.#held.get(traceId) ?? [];
    this.#held.delete(traceId);
    this.#heldSpans -= spans.length;
    return spans;
  }
}
