import type { Breaker } from './breaker/breaker.js';
import type { Place } from './concurrency/gates.js';
import type { CircuitState, Permit, Signal, Subject } from './governor.port.js';
import { PermitSettledError } from './governor.errors.js';
import type { Grant, ProbeLease } from './rate/limit-store.port.js';

/** What a request was given when it was let go, to be settled with what became of it. */
export interface Given {
  readonly subject: Subject;
  readonly place: Place;
  /** The breaker that it met, and that one's generation then. */
  readonly met: { readonly breaker: Breaker; readonly generation: number } | undefined;
  readonly probe: ProbeLease | undefined;
  readonly grant: Grant | undefined;
  /** Monotonic; absent where no limit counted it. */
  readonly goodUntilMs?: number;
}

/** A permit that can be settled once. */
export class Leave implements Permit {
  readonly circuit: CircuitState;
  readonly goodUntilMs?: number;
  readonly #given: Given;
  readonly #onSettled: (given: Given, signal: Signal) => void;
  #settled = false;

  constructor(given: Given, onSettled: (given: Given, signal: Signal) => void) {
    this.circuit = given.probe === undefined ? 'closed' : 'half_open';
    if (given.goodUntilMs !== undefined) this.goodUntilMs = given.goodUntilMs;
    this.#given = given;
    this.#onSettled = onSettled;
  }

  settle(signal: Signal): void {
    if (this.#settled) throw new PermitSettledError('a permit is settled once');
    this.#settled = true;
    this.#onSettled(this.#given, signal);
  }
}
