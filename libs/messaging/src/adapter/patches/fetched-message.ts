import type { IHeaders } from 'kafkajs';
import type { WireHeaders } from '../../wire.js';
import { VarintReader } from '../record-format/varint-reader.js';

/** Facts about a batch that the library reads from each of its messages. */
export interface BatchContext {
  readonly isControl: boolean;
  readonly inTransaction: boolean;
  readonly producerId: string;
}

interface MessageParts {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The encoded headers: their count, then names and values. */
  readonly headers: Buffer;
  readonly context: BatchContext;
}

const magic = 2;

/**
 * A fetched message, with the members that the library's own decoder gives it. Most readers look at the headers of
 * few messages, so headers are decoded on first use.
 */
export class FetchedMessage {
  readonly offsetNumber: number;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly batchContext: BatchContext;
  readonly #headers: Buffer;

  constructor({ offset, timestampMs, key, value, headers, context }: MessageParts) {
    this.offsetNumber = offset;
    this.timestampMs = timestampMs;
    this.key = key;
    this.value = value;
    this.batchContext = context;
    this.#headers = headers;
  }

  get offset(): string {
    return String(this.offsetNumber);
  }

  get timestamp(): string {
    return String(this.timestampMs);
  }

  get attributes(): number {
    return 0;
  }

  get magicByte(): number {
    return magic;
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControl;
  }

  /** Bytes by name. A repeated name has a list of its values. */
  get headers(): IHeaders {
    const headers: Record<string, Buffer | Buffer[]> = {};
    this.#each((reader) => {
      const name = reader.text();
      const value = reader.bytes() as Buffer;
      const before = headers[name];
      if (before === undefined) headers[name] = value;
      else headers[name] = Array.isArray(before) ? [...before, value] : [before, value];
    });
    return headers;
  }

  /** Text by name. A repeated name has its last value. A header without a value is left out. */
  get wireHeaders(): WireHeaders {
    const headers: Record<string, string> = {};
    this.#each((reader) => {
      const name = reader.text();
      const value = reader.bytes();
      if (value !== null) headers[name] = value.toString();
    });
    return headers;
  }

  #each(read: (reader: VarintReader) => void): void {
    const reader = new VarintReader(this.#headers, 0);
    for (let left = reader.next(); left > 0; left -= 1) read(reader);
  }
}
