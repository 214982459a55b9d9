import type { LoggedOutcome } from './outcome-log.port.js';
import type { OutcomeSink, StreamEnd, StreamGap, StreamPlace } from './outcome-sink.js';

/** A connection that keeps what it gets. */
export class FakeOutcomeSink implements OutcomeSink {
  readonly place: StreamPlace;
  readonly sent: LoggedOutcome[] = [];
  readonly cursors: string[] = [];
  readonly gaps: StreamGap[] = [];
  isFull = false;
  isJoined = false;
  beats = 0;
  ended: StreamEnd | undefined;
  #onRoom: () => void = () => undefined;

  constructor(place: StreamPlace) {
    this.place = place;
  }

  /** The outcomes as `partition/offset`. */
  get places(): readonly string[] {
    return this.sent.map(({ partition, offset }) => `${partition}/${offset}`);
  }

  send(outcome: LoggedOutcome, cursor: string): void {
    this.sent.push(outcome);
    this.cursors.push(cursor);
  }

  roomAgain(): Promise<void> {
    return new Promise((resolve) => (this.#onRoom = resolve));
  }

  makeRoom(): void {
    this.isFull = false;
    this.#onRoom();
  }

  gap(gap: StreamGap): void {
    this.gaps.push(gap);
  }

  joined(): void {
    this.isJoined = true;
  }

  beat(): void {
    this.beats += 1;
  }

  end(reason: StreamEnd): void {
    this.ended = reason;
  }
}
