import type { WireHeaders } from '../../wire.js';
import type { ByteWriter } from './byte-writer.js';
import { crc32c } from './crc32c.js';

/** The part of a record that a batch holds. */
export interface BatchRecord {
  readonly key: string | Buffer | null;
  readonly value: Buffer | null;
  readonly headers: WireHeaders;
}

/** The identity of a batch of an idempotent producer. The broker deduplicates by it. */
export interface BatchOrigin {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly timestampMs: number;
}

const magic = 2;
/**
 * Positions in a batch: where the counted length begins, where the checksum is, and where the checked bytes begin.
 */
const lengthEnd = 12;
const checksum = 17;
const checksumEnd = 21;

/** Writes records as one uncompressed batch of Kafka's current format (magic 2), all with one timestamp. */
export function writeRecordBatch(
  writer: ByteWriter,
  records: readonly BatchRecord[],
  { producerId, producerEpoch, firstSequence, timestampMs }: BatchOrigin,
): void {
  const start = writer.length;
  const timestamp = BigInt(timestampMs);
  writer.int64(0n); // First offset: the broker assigns it.
  writer.int32(0); // Length, filled in below.
  writer.int32(0); // Leader epoch.
  writer.int8(magic);
  writer.int32(0); // Checksum, filled in below.
  writer.int16(0); // Attributes: no compression, no transaction, the producer's time.
  writer.int32(records.length - 1);
  writer.int64(timestamp);
  writer.int64(timestamp);
  writer.int64(producerId);
  writer.int16(producerEpoch);
  writer.int32(firstSequence);
  writer.int32(records.length);
  records.forEach((record, offsetDelta) =>
    writer.varintFramed(() => writeRecord(writer, record, offsetDelta)),
  );
  writer.int32At(start + lengthEnd - 4, writer.length - start - lengthEnd);
  writer.uint32At(start + checksum, crc32c(writer.written, start + checksumEnd));
}

function writeRecord(writer: ByteWriter, { key, value, headers }: BatchRecord, offsetDelta: number): void {
  writer.int8(0); // Attributes: none are defined.
  writer.varint(0); // Timestamp: the same as the batch's.
  writer.varint(offsetDelta);
  if (typeof key === 'string') writer.varintString(key);
  else writer.varintBytes(key);
  writer.varintBytes(value);
  const names = Object.keys(headers);
  writer.varint(names.length);
  for (const name of names) {
    writer.varintString(name);
    writer.varintString(headers[name] ?? '');
  }
}
