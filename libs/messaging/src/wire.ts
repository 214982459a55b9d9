/** Record headers, decoded as UTF-8. A header that occurs more than once keeps its last value. */
export interface WireHeaders {
  readonly [name: string]: string;
}

/** A record on its way to Kafka. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Decides the partition; `null` lets the producer choose. */
  readonly key: string | Buffer | null;
  /** `null` is a tombstone: on a compacted topic it deletes the key. */
  readonly value: Buffer | null;
  readonly headers: WireHeaders;
  /** Overrides the partition that the key gives. */
  readonly partition?: number;
}

/** A record as it came from Kafka, bytes untouched. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since the Unix epoch: of the producer, or of the broker where the topic says `LogAppendTime`. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: WireHeaders;
}

/** Header names of the CloudEvents 1.0 Kafka binding (binary mode) and of W3C Trace Context. */
export const CloudEventHeader = {
  id: 'ce_id',
  type: 'ce_type',
  source: 'ce_source',
  specversion: 'ce_specversion',
  time: 'ce_time',
  contentType: 'content-type',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

/** Headers that the runtime adds to a dead letter; the original headers stay beside them. */
export const DeadLetterHeader = {
  originTopic: 'mesh-origin-topic',
  originPartition: 'mesh-origin-partition',
  originOffset: 'mesh-origin-offset',
  errorCode: 'mesh-error-code',
  /** At most 1 KB. */
  errorMessage: 'mesh-error-message',
  /** `topic/partition/offset`: equal for every copy of one dead letter, so that readers can drop copies. */
  deadLetterId: 'mesh-dead-letter-id',
  /** Set when the broker would not take the whole record: what was left out (`key,value,headers`). */
  omitted: 'mesh-dead-letter-omitted',
} as const;

/**
 * Largest record that is produced or decoded: key, value and headers, in bytes. Below the 1 MiB that a broker takes by
 * default, so that a dead letter of a legal record still fits with its headers.
 */
export const MAX_RECORD_BYTES = 1_000_000;

/** Record size for a producer of dead letters: the largest record that a broker delivers by default, plus headers. */
export const DEAD_LETTER_MAX_RECORD_BYTES = 1_200_000;

/** Bytes that a record's key, value and headers take (UTF-8). */
export function recordBytes(record: {
  readonly key: string | Buffer | null;
  readonly value: Buffer | null;
  readonly headers: WireHeaders;
}): number {
  let bytes = (record.key === null ? 0 : Buffer.byteLength(record.key)) + (record.value?.length ?? 0);
  for (const name in record.headers) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(record.headers[name] ?? '');
  }
  return bytes;
}
