import { OutcomeCatchUps, type CatchUpLimits } from './outcome-catch-ups.js';
import type { OutcomeLog } from './outcome-log.port.js';
import type { StreamEnd } from './outcome-sink.js';
import type { OutcomeSubscription } from './outcome-subscription.js';
import type { OutcomeTape } from './outcome-tape.js';
import { sleepUnless } from './sleep-unless.js';
import type { StreamPosition } from './stream-position.js';

/** The present of the gateway, to which readers come. */
export interface StreamPresent {
  /** Absent: the gateway records nothing any more. */
  position(): StreamPosition | undefined;
  /** The reader has everything that the gateway has passed. `isAhead`: it has passed more. Called before the next record. */
  arrive(subscription: OutcomeSubscription, isAhead: boolean): void;
  end(subscription: OutcomeSubscription, reason: StreamEnd): void;
}

/** Records that a reader walks without a pause for others. */
const stepsWithoutPause = 1_000;

/** Brings a reader from its cursor to the present: from Kafka up to the tape, and along the tape to its end. */
export class OutcomeApproach {
  readonly #log: OutcomeLog;
  readonly #tape: OutcomeTape;
  readonly #catchUps: OutcomeCatchUps;
  readonly #slowMs: number;
  readonly #present: StreamPresent;

  constructor(log: OutcomeLog, tape: OutcomeTape, limits: CatchUpLimits, present: StreamPresent) {
    this.#log = log;
    this.#tape = tape;
    this.#catchUps = new OutcomeCatchUps(log, limits);
    this.#slowMs = limits.slowMs;
    this.#present = present;
  }

  /** Resolves when the reader has arrived or ended. A reader without a position of its own arrives at once. */
  async run(subscription: OutcomeSubscription): Promise<void> {
    const { own } = subscription;
    if (own === undefined) {
      this.#present.arrive(subscription, false);
      return;
    }
    try {
      while (!subscription.isEnded) {
        const isOver = this.#isOnTape(own)
          ? await this.#walk(subscription, own)
          : await this.#catchUp(subscription, own);
        if (isOver) return;
      }
    } catch {
      this.#present.end(subscription, 'mesh_unavailable');
    }
  }

  #isOnTape(own: StreamPosition): boolean {
    return this.#tape.covers((partition) => own.offsetOf(partition));
  }

  /** Delivers from Kafka up to the tape. True: the reader has ended. */
  async #catchUp(subscription: OutcomeSubscription, own: StreamPosition): Promise<boolean> {
    const behind = own.behind(this.#present.position()?.next ?? own.next);
    const result = await this.#catchUps.run(subscription, behind, () => this.#isOnTape(own));
    switch (result) {
      case 'covered':
        return false;
      case 'ended':
        return true;
      case 'paused':
        this.#present.end(subscription, 'catch_up_paused');
        return true;
      case 'too_slow':
        this.#present.end(subscription, 'too_slow');
        return true;
      case 'replaced':
        await this.#restart(subscription, own);
        return false;
    }
  }

  /** Delivers the rest of the tape. True: the reader has arrived or ended. False: the tape has moved on too far. */
  async #walk(subscription: OutcomeSubscription, own: StreamPosition): Promise<boolean> {
    const { sink } = subscription;
    const position = this.#present.position();
    if (position === undefined) return true;
    let sequence = this.#tape.sequenceFrom((partition) => own.offsetOf(partition), own.behind(position.next));
    for (let steps = 1; sequence >= this.#tape.firstSequence; steps += 1) {
      if (subscription.isEnded) return true;
      const outcome = this.#tape.at(sequence);
      if (outcome === undefined) {
        this.#present.arrive(subscription, !isLevel(subscription, position));
        return true;
      }
      subscription.offer(outcome);
      sequence += 1;
      if (sink.isFull && !(await sleepUnless(sink.roomAgain(), this.#slowMs))) {
        this.#present.end(subscription, 'too_slow');
        return true;
      }
      if (steps % stepsWithoutPause === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return false;
  }

  /** Continues at the beginning of a log that was emptied. */
  async #restart(subscription: OutcomeSubscription, own: StreamPosition): Promise<void> {
    const { ranges } = await this.#log.extent();
    subscription.sink.gap({ kind: 'replaced', sinceMs: own.atMs });
    own.restart([...ranges].map(([partition, { start }]) => [partition, start] as const));
  }
}

/** Whether a reader has passed no record that the gateway has not passed. */
export function isLevel({ own }: OutcomeSubscription, position: StreamPosition): boolean {
  return own === undefined || own.isWithin(position);
}
