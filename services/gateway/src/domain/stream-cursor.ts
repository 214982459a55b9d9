import { createHash } from 'node:crypto';

/** A place in the topic of outcomes: the next offset of every partition, numbered from 0. */
export interface StreamCursor {
  /** Names the topic and its cluster, as {@link streamIdentity} writes it. */
  readonly identity: string;
  readonly positions: readonly number[];
  /** The stamp of the newest passed record. Without one, the time at which the reader began. */
  readonly atMs: number;
  /** The partition whose last passed record has the stamp `atMs`. Absent: no record was passed. */
  readonly newest?: number | undefined;
}

const version = 1;
const identityBytes = 6;
const timeBytes = 6;
const headBytes = 1 + identityBytes + timeBytes;
const mostPartitions = 1_000;
/** The longest text of a cursor: a thousand partitions, each with the largest offset. */
const longestText = 16_384;

/** A short name for a topic and its cluster. */
export function streamIdentity(topic: string): string {
  return createHash('sha256').update(topic).digest().subarray(0, identityBytes).toString('hex');
}

/** Writes a cursor as text for an address or a header. */
export function writeStreamCursor({ identity, positions, atMs, newest }: StreamCursor): string {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(version, 0);
  head.write(identity, 1, 'hex');
  head.writeUIntBE(Math.max(0, Math.floor(atMs)), 1 + identityBytes, timeBytes);
  const numbers: number[] = [];
  for (const value of [newest === undefined ? 0 : newest + 1, positions.length, ...positions]) {
    writeNumber(numbers, value);
  }
  return Buffer.concat([head, Buffer.from(numbers)]).toString('base64url');
}

/** Reads a cursor. Undefined: {@link writeStreamCursor} did not write the text. */
export function readStreamCursor(text: string): StreamCursor | undefined {
  if (text.length > longestText) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < headBytes || bytes[0] !== version) return undefined;
  const [anchor, count = 0, ...positions] = readNumbers(bytes.subarray(headBytes)) ?? [];
  if (anchor === undefined || count > mostPartitions) return undefined;
  if (positions.length !== count || anchor > count) return undefined;
  const cursor = {
    identity: bytes.subarray(1, 1 + identityBytes).toString('hex'),
    positions,
    atMs: bytes.readUIntBE(1 + identityBytes, timeBytes),
    ...(anchor === 0 ? {} : { newest: anchor - 1 }),
  };
  // One cursor has one text.
  return writeStreamCursor(cursor) === text ? cursor : undefined;
}

/** Appends a number in groups of seven bits, the lowest first. The highest bit of a byte says that another follows. */
function writeNumber(bytes: number[], value: number): void {
  let left = value;
  while (left >= 0x80) {
    bytes.push((left % 0x80) + 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
}

/** Undefined: the bytes end within a number, or a number is no offset. */
function readNumbers(bytes: Buffer): number[] | undefined {
  const numbers: number[] = [];
  let [value, unit] = [0, 1];
  for (const byte of bytes) {
    value += (byte % 0x80) * unit;
    unit *= 0x80;
    if (!Number.isSafeInteger(value)) return undefined;
    if (byte >= 0x80) continue;
    numbers.push(value);
    [value, unit] = [0, 1];
  }
  return unit === 1 ? numbers : undefined;
}
