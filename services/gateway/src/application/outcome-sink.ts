import type { LoggedOutcome } from './outcome-log.port.js';

/** The reasons of the gateway to end a stream. The reader may continue elsewhere, except after the first two. */
export type StreamEnd =
  | 'key_ended'
  | 'switched_off'
  | 'gateway_stops'
  | 'too_slow'
  | 'catch_up_paused'
  | 'mesh_unavailable';

/** Outcomes that the log does not hold any more. */
export interface StreamGap {
  /** `expired`: the log has dropped them. `replaced`: the log was emptied, and the cursor belongs to the earlier one. */
  readonly kind: 'expired' | 'replaced';
  /** The newest outcome that the reader has seen, milliseconds since the Unix epoch. */
  readonly sinceMs: number;
}

/** The place of a reader in the log, for its connection. */
export interface StreamPlace {
  /** The text from which a reader continues behind everything that this one has passed. */
  cursor(): string;
  /** Ends the stream at once and keeps its cursor. The connection gets nothing more. */
  leave(): void;
}

/** The connection of a reader. */
export interface OutcomeSink {
  /** Takes an outcome. A reader continues behind it with the cursor. */
  send(outcome: LoggedOutcome, cursor: string): void;
  /** Whether the connection has as much unsent data as it may have. */
  readonly isFull: boolean;
  /** Resolves when there is room again, and when the connection is closed. */
  roomAgain(): Promise<void>;
  /**
   * The reader misses outcomes. It continues with the oldest that the log holds, unless it ends itself. After `replaced`,
   * some may come again.
   */
  gap(gap: StreamGap): void;
  /** The reader has seen everything that the log holds, and follows it from now on. */
  joined(): void;
  /** Called once in a while. */
  beat(): void;
  /** Called once, when the gateway ends the stream. */
  end(reason: StreamEnd): void;
}
