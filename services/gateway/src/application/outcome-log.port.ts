import type { OutcomeHead } from '../domain/outcome-filter.js';

/** One record of the topic of outcomes. */
export interface LoggedOutcome {
  readonly partition: number;
  readonly offset: number;
  /** The stamp of the record, milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The outcome, byte for byte as published. */
  readonly json: Buffer;
  /** Read from the JSON on first use, once. Undefined: the record is no outcome. */
  readonly head: OutcomeHead | undefined;
  /** False: the outcome surely belongs to another tenant. It costs much less than `head`. */
  mayBelongTo(tenantId: string): boolean;
}

/** The records that the log holds now. */
export interface LogExtent {
  /** Names the log. A log of another mesh has another identity. */
  readonly identity: string;
  /** The first held offset of each partition, and the offset of its next record. */
  readonly ranges: ReadonlyMap<number, { readonly start: number; readonly end: number }>;
}

/** Receives the records of a replay. */
export interface ReplayReader {
  /** The next records follow when the promise has settled. */
  take(outcomes: readonly LoggedOutcome[]): Promise<void> | undefined;
  /** All records before these offsets have been taken. */
  moved(positions: ReadonlyMap<number, number>): void;
}

/** The topic of outcomes. */
export interface OutcomeLog {
  /** The next offset of each partition that this gateway reads. */
  positions(): ReadonlyMap<number, number>;
  /** Rejects with `MeshUnavailableError` when the log does not answer. */
  extent(): Promise<LogExtent>;
  /** Reads the log again from the given offsets on. Resolves when the signal has ended it. */
  replay(from: ReadonlyMap<number, number>, reader: ReplayReader, signal: AbortSignal): Promise<void>;
}
