import type { OutcomeOfCall, Tried } from '@action-mesh/contracts/executor';
import { defined } from '@action-mesh/kernel';

import { deadStates, transitions, type Call, type Command } from '../domain/call.js';
import { deadAnswer, describeDeath } from '../domain/dead-letter.js';
import { ImpossibleTransitionError } from '../domain/executor.errors.js';
import { describeEnding, type Ending } from '../domain/outcome.js';
import type { Intent, KnownCall, Ledger, Park } from './ledger.port.js';

/** The changes of a move in addition to the state. */
export interface MoveOptions {
  readonly ending?: Ending;
  readonly park?: Park;
  readonly tried?: readonly Tried[];
  readonly intent?: Intent;
  readonly validityMs?: number;
  /** The move rests on a definite answer to the newest attempt. */
  readonly evidence?: boolean;
}

/**
 * A running call: its state in the ledger, and the only way to change it. When the ledger refuses a move, another owner
 * decides about the call. Nothing of that move is published, and the run stops.
 */
export class CallSession<Known extends KnownCall = KnownCall> {
  readonly known: Known;
  readonly #ledger: Pick<Ledger, 'advance'>;
  #state: Call;
  #tried: readonly Tried[];
  #connectionId: string | undefined;
  /** The state of the breaker before the last request. */
  circuit: NonNullable<OutcomeOfCall['circuit_breaker_status']> | undefined;

  constructor(known: Known, ledger: Pick<Ledger, 'advance'>) {
    this.known = known;
    this.#ledger = ledger;
    this.#state = known.state;
    this.#tried = known.tried;
    this.#connectionId = known.connectionId;
  }

  get state(): Call {
    return this.#state;
  }

  get tried(): readonly Tried[] {
    return this.#tried;
  }

  /** The connection of the newest intent, if it had one. */
  get connectionId(): string | undefined {
    return this.#connectionId;
  }

  /** Applies the commands and writes their results. False: the ledger has the call in another state by now. */
  async move(commands: readonly Command[], options: MoveOptions = {}): Promise<boolean> {
    const from = this.#state;
    const next = transitions(from, ...commands);
    if (!next.ok) throw new ImpossibleTransitionError(next.reason);
    const { park, intent, ending, validityMs, evidence = false } = options;
    const tried = options.tried ?? this.#tried;
    const { call, origin, policy } = this.known;
    const connectionId = intent?.connectionId ?? this.#connectionId;
    const withCircuit =
      ending === undefined || this.circuit === undefined ? ending : { circuit: this.circuit, ...ending };
    const failure = deadStates.includes(next.call.state) ? ending?.failure : undefined;
    const answer = failure === undefined ? undefined : deadAnswer(ending ?? {});
    const moved = await this.#ledger.advance({
      known: this.known,
      from,
      to: next.call,
      evidence,
      ...defined({ intent, park, validityMs, policy }),
      ...(options.tried === undefined ? {} : { tried }),
      ...(withCircuit === undefined
        ? {}
        : {
            ending: withCircuit,
            outcome: describeEnding(call, withCircuit, { state: next.call, tried, connectionId, policy }),
          }),
      ...(failure === undefined
        ? {}
        : {
            death: {
              failure,
              ...defined({ answer }),
              letter: describeDeath(call, {
                state: next.call,
                status: next.call.state === 'DEAD' ? 'dead' : 'needs_review',
                failure,
                ...defined({ answer }),
                tried,
                ...defined({ origin }),
              }),
            },
          }),
    });
    if (moved) {
      this.#state = next.call;
      this.#tried = tried;
      this.#connectionId = connectionId;
    }
    return moved;
  }
}
