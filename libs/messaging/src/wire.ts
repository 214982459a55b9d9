import type { TraceContext } from '@action-mesh/kernel';

/** Record headers, decoded as UTF-8. A header that occurs more than once keeps its last value. */
export interface WireHeaders {
  readonly [name: string]: string;
}

/** The place of a record's send in its trace. */
export interface SentSpan {
  readonly trace: TraceContext;
  readonly parentSpanId: string;
  /** The tenant of the event, if it is of one. */
  readonly tenantId?: string;
}

/** A record on its way to Kafka. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Chooses the partition. With `null`, the producer chooses it. */
  readonly key: string | Buffer | null;
  /** `null` is a tombstone: on a compacted topic it deletes the key. */
  readonly value: Buffer | null;
  readonly headers: WireHeaders;
  /**
   * The span of the send, which the record's `traceparent` names. The producer records it when the broker has the record.
   * @default none
   */
  readonly span?: SentSpan;
  /** Overrides the partition that the key gives. */
  readonly partition?: number;
}

/** A record from Kafka, bytes untouched. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since the Unix epoch: the producer's, or the broker's on a topic with `LogAppendTime`. */
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

/** Headers that the runtime adds to a dead letter. The original headers stay beside them. */
export const DeadLetterHeader = {
  originTopic: 'mesh-origin-topic',
  originPartition: 'mesh-origin-partition',
  originOffset: 'mesh-origin-offset',
  errorCode: 'mesh-error-code',
  /** At most 1 KB. */
  errorMessage: 'mesh-error-message',
  /** `topic/partition/offset`: equal for every copy of one dead letter, so readers can drop copies. */
  deadLetterId: 'mesh-dead-letter-id',
  /** The parts that were left out (`key,value,headers`), set when the broker would not take the whole record. */
  omitted: 'mesh-dead-letter-omitted',
} as const;

/**
 * The largest record that is produced or decoded, in bytes of key, value and headers. It is below the broker's
 * default of 1 MiB, so the dead letter of a legal record still fits with its headers.
 */
export const maxRecordBytes = 1_000_000;

/**
 * The record size for a producer of dead letters: the largest record that a broker delivers by default, plus headers.
 */
export const deadLetterMaxRecordBytes = 1_200_000;

/** Bytes of a record's key, value and headers (UTF-8). */
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
