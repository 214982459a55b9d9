import type { IncomingRecord, WireHeaders } from '../wire.js';

/** A record with headers that are decoded on first use, because most readers of a topic look at few headers. */
export class FetchedRecord implements IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly #readHeaders: () => WireHeaders;
  #headers: WireHeaders | undefined;

  constructor(parts: Omit<IncomingRecord, 'headers'>, readHeaders: () => WireHeaders) {
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.offset = parts.offset;
    this.timestampMs = parts.timestampMs;
    this.key = parts.key;
    this.value = parts.value;
    this.#readHeaders = readHeaders;
  }

  get headers(): WireHeaders {
    return (this.#headers ??= this.#readHeaders());
  }
}
