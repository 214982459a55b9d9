import type { LoggedOutcome } from '../../application/outcome-log.port.js';
import type { OutcomeSink, StreamEnd, StreamGap, StreamPlace } from '../../application/outcome-sink.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';

/** The most bytes of outcomes in one answer. One larger outcome is an answer of its own. */
const mostBytes = 1_048_576;
/** The time in which an answer makes progress through old outcomes, even when the reader does not wait. */
const catchUpMs = 15_000;

/** The bounds of one answer. */
export interface PollBounds {
  readonly waitMs: number;
  readonly limit: number;
}

/** A reader that gets one answer: the first outcomes, or none when the wait is over. */
export class OutcomePoll implements OutcomeSink {
  readonly isFull = false;
  /** The answer as JSON. Rejects when there is none. */
  readonly answer: Promise<string>;
  readonly #bounds: PollBounds;
  readonly #place: StreamPlace;
  readonly #timers: NodeJS.Timeout[];
  readonly #parts: string[] = [];
  #resolve: (answer: string) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #bytes = 0;
  #isJoined = false;
  #isWaitOver: boolean;

  constructor(bounds: PollBounds, place: StreamPlace) {
    this.#bounds = bounds;
    this.#place = place;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#isWaitOver = bounds.waitMs === 0;
    this.#timers = [
      setTimeout(() => this.#endWait(), bounds.waitMs),
      setTimeout(() => this.#finish(), Math.max(bounds.waitMs, catchUpMs)),
    ];
  }

  send({ json }: LoggedOutcome, cursor: string): void {
    this.#parts.push(json.toString('utf8'));
    this.#bytes += json.length;
    // The outcomes of one batch of the log come in one answer.
    if (this.#parts.length >= this.#bounds.limit || this.#bytes >= mostBytes) this.#finish(cursor);
    else if (this.#isJoined && this.#parts.length === 1) setImmediate(() => this.#finish());
  }

  roomAgain(): Promise<void> {
    return Promise.resolve();
  }

  gap({ kind }: StreamGap): void {
    const fix = 'Read the missed calls with GET /v1/calls, and leave the cursor out to start now.';
    this.#refuse(
      kind === 'expired'
        ? new RequestRefusedError(
            'cursor_expired',
            'The log does not hold all outcomes after this cursor any more.',
            fix,
          )
        : new RequestRefusedError('cursor_unknown', 'The log was emptied after this cursor.', fix),
    );
  }

  joined(): void {
    this.#isJoined = true;
    if (this.#parts.length > 0 || this.#isWaitOver) this.#finish();
  }

  beat(): void {
    // An answer has no signs of life.
  }

  /** A caller whose key has ended learns it from its next request. */
  end(reason: StreamEnd): void {
    if (reason !== 'mesh_unavailable') this.#finish();
    else
      this.#refuse(
        new MeshUnavailableError('The log of outcomes does not answer.', {
          fix: 'Send the same request again later. The same cursor continues without a gap.',
        }),
      );
  }

  /** Ends the wait, because the caller has gone. */
  close(): void {
    this.#finish();
  }

  #endWait(): void {
    this.#isWaitOver = true;
    if (this.#isJoined) this.#finish();
  }

  /** Answers. `cursor` is the place behind the last taken outcome, or behind everything that the reader has passed. */
  #finish(cursor?: string): void {
    this.#stop();
    const outcomes = this.#parts.join(',');
    this.#resolve(`{"outcomes":[${outcomes}],"cursor":${JSON.stringify(cursor ?? this.#place.cursor())}}`);
  }

  #refuse(error: Error): void {
    this.#stop();
    this.#reject(error);
  }

  /** Nothing comes after this, so the cursor stays. */
  #stop(): void {
    this.#place.leave();
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
