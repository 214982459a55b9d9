import { errorMessage, type Clock } from '@action-mesh/kernel';

/**
 * Waits for the answers of a store, each for a limited time.
 *
 * - TA1: each question ends once, with its answer or as late. A callback of an ended question does nothing.
 * - TA2: a question is late when its answer is missing after the events of the sockets were read. So a process that was
 *   stopped, or had a blocked event loop, still finds the answer.
 */
export class TimelyAnswers {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #missingSinceMs: number | undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** The monotonic milliseconds since which no answer has come. `undefined`: all answers come in time. */
  get missingSinceMs(): number | undefined {
    return this.#missingSinceMs;
  }

  /** Forgets the missing answers of a closed connection. */
  forget(): void {
    this.#missingSinceMs = undefined;
  }

  /** Waits for the answer to a new question. Rejects if it does not come in time. */
  of<Answer>(asked: Promise<Answer>): Promise<Answer> {
    const askedAtMs = this.#clock.monotonicMs();
    return new Promise((resolve, reject) => {
      let ended = false;
      const timer = setTimeout(() => {
        setImmediate(() => {
          if (ended) return;
          this.#missingSinceMs ??= askedAtMs;
          reject(new Error(`Redis did not answer within ${this.#timeoutMs} ms`));
        });
      }, this.#timeoutMs);
      const end = (): void => {
        ended = true;
        clearTimeout(timer);
        this.#missingSinceMs = undefined;
      };
      asked.then(
        (answer) => {
          end();
          resolve(answer);
        },
        (error: unknown) => {
          end();
          reject(error instanceof Error ? error : new Error(errorMessage(error)));
        },
      );
    });
  }
}
