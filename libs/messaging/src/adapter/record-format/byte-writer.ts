/** Short strings are mostly ASCII. Writing them here is cheaper than a call into the runtime. */
const shortString = 48;
/** The longest form of a 32-bit varint. */
const maxVarintBytes = 5;

/** Writes numbers, strings and bytes of the Kafka protocol into one growing buffer. */
export class ByteWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(initialBytes: number) {
    this.#bytes = Buffer.allocUnsafe(initialBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#at;
  }

  /** The bytes written so far, without a copy. Valid until the next write. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    this.#at = 0;
  }

  int8(value: number): void {
    this.#room(1);
    this.#at = this.#bytes.writeInt8(value, this.#at);
  }

  int16(value: number): void {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  int64(value: bigint): void {
    this.#room(8);
    this.#at = this.#bytes.writeBigInt64BE(value, this.#at);
  }

  /** A string with its length in two bytes. */
  string(text: string): void {
    const length = Buffer.byteLength(text);
    this.int16(length);
    this.#room(length);
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** Overwrites four earlier bytes with a number. */
  int32At(at: number, value: number): void {
    this.#bytes.writeInt32BE(value, at);
  }

  uint32At(at: number, value: number): void {
    this.#bytes.writeUInt32BE(value, at);
  }

  /** A signed number in as few bytes as it needs (zig-zag). */
  varint(value: number): void {
    this.#room(maxVarintBytes);
    this.#varint(value);
  }

  varintBytes(bytes: Uint8Array | null): void {
    if (bytes === null) {
      this.varint(-1);
      return;
    }
    this.#room(maxVarintBytes + bytes.length);
    this.#varint(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  varintString(text: string): void {
    if (text.length <= shortString && this.#shortAscii(text)) return;
    const length = Buffer.byteLength(text);
    this.#room(maxVarintBytes + length);
    this.#varint(length);
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** Runs `write` and puts the length of its bytes in front of them. */
  varintFramed(write: () => void): void {
    const start = this.#at;
    this.#room(maxVarintBytes);
    // The length, and the size of its varint, are known only after the write.
    this.#at = start + maxVarintBytes;
    write();
    const end = this.#at;
    this.#at = start;
    this.#varint(end - start - maxVarintBytes);
    this.#bytes.copyWithin(this.#at, start + maxVarintBytes, end);
    this.#at += end - start - maxVarintBytes;
  }

  /** Writes a short ASCII string. Returns false, with nothing written, when a character takes more than a byte. */
  #shortAscii(text: string): boolean {
    const { length } = text;
    this.#room(maxVarintBytes + length);
    const bytes = this.#bytes;
    let at = this.#at;
    // At most 48: its varint is one byte.
    bytes[at++] = length << 1;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at++] = code;
    }
    this.#at = at;
    return true;
  }

  #varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}
