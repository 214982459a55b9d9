import { FetchedMessage, type BatchContext } from './fetched-message.js';
import { VarintReader } from '../record-format/varint-reader.js';

/** From the start of a batch to its format version, in all formats. */
const magicAt = 16;
const magic = 2;
/** First offset and length: the bytes before the part that the length counts. */
const prefixBytes = 12;
/** From the start of a batch to its first record. */
const headBytes = 61;
const compression = 0x07;
const brokerTime = 0x08;
const transactional = 0x10;
const control = 0x20;

/**
 * The messages of a record set from a broker, with undecoded headers. Leaves out the last batch when it is cut off.
 * Undefined for compressed batches and old formats: the library decodes those.
 */
export function readRecordSet(bytes: Buffer): FetchedMessage[] | undefined {
  const messages: FetchedMessage[] = [];
  for (let at = 0; bytes.length - at >= headBytes; ) {
    const end = at + prefixBytes + bytes.readInt32BE(at + 8);
    if (bytes.readInt8(at + magicAt) !== magic) return undefined;
    if ((bytes.readInt16BE(at + 21) & compression) !== 0) return undefined;

    // No broker sends a batch shorter than its own head. Going on would loop forever.
    if (end < at + headBytes) return undefined;
    if (end > bytes.length) break;
    readBatch(bytes, at, messages);
    at = end;
  }
  return messages;
}

function readBatch(bytes: Buffer, at: number, messages: FetchedMessage[]): void {
  const attributes = bytes.readInt16BE(at + 21);
  const firstOffset = Number(bytes.readBigInt64BE(at));
  const firstTimestampMs = Number(bytes.readBigInt64BE(at + 27));
  const maxTimestampMs = Number(bytes.readBigInt64BE(at + 35));
  const stampedByBroker = (attributes & brokerTime) !== 0;
  const context: BatchContext = {
    isControl: (attributes & control) !== 0,
    inTransaction: (attributes & transactional) !== 0,
    producerId: bytes.readBigInt64BE(at + 43).toString(),
  };
  const reader = new VarintReader(bytes, at + headBytes);
  for (let left = bytes.readInt32BE(at + 57); left > 0; left -= 1) {
    const length = reader.next();
    const end = reader.at + length;
    reader.at += 1; // Attributes: none are defined.
    const timestampMs = firstTimestampMs + reader.next();
    const offset = firstOffset + reader.next();
    const key = reader.bytes();
    const value = reader.bytes();
    messages.push(
      new FetchedMessage({
        offset,
        timestampMs: stampedByBroker ? maxTimestampMs : timestampMs,
        key,
        value,
        headers: bytes.subarray(reader.at, end),
        context,
      }),
    );
    reader.at = end;
  }
}
