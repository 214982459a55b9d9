import type { Breaker } from './breaker/breaker.js';
import type { Slot } from './concurrency/concurrency-limiter.js';
import type { CircuitState, Permit, Signal, Subject } from './governor.port.js';
import { PermitSettledError } from './governor.errors.js';
import type { TokenGrant, ProbeLease } from './rate/limit-store.port.js';

/** The resources of an allowed request. They are settled with its result. */
export interface PermitDetails {
  readonly subject: Subject;
  readonly slot: Slot;
  /** The breaker that the request met, and the generation of the breaker then. */
  readonly met: { readonly breaker: Breaker; readonly generation: number } | undefined;
  readonly probe: ProbeLease | undefined;
  readonly grant: TokenGrant | undefined;
  /** Monotonic milliseconds. Absent: no limit counted the request. */
  readonly goodUntilMs?: number;
}

/** A permit that can be settled once. */
export class SingleUsePermit implements Permit {
  readonly circuit: CircuitState;
  readonly goodUntilMs?: number;
  readonly #given: PermitDetails;
  readonly #onSettled: (given: PermitDetails, signal: Signal) => void;
  #settled = false;

  constructor(given: PermitDetails, onSettled: (given: PermitDetails, signal: Signal) => void) {
    this.circuit = given.probe === undefined ? 'closed' : 'half_open';
    if (given.goodUntilMs !== undefined) this.goodUntilMs = given.goodUntilMs;
    this.#given = given;
    this.#onSettled = onSettled;
  }

  settle(signal: Signal): void {
    if (this.#settled) throw new PermitSettledError('the permit is already settled; settle each permit once');
    this.#settled = true;
    this.#onSettled(this.#given, signal);
  }
}
