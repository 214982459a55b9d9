/** Reads zig-zag varints, and bytes and texts with such a length in front. */
export class VarintReader {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Reads a varint. It is exact up to 2^53, which no length, offset or time of ours reaches. */
  next(): number {
    let value = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte > 0x7f);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Reads bytes with their length in front, without a copy. Returns null for a negative length. */
  bytes(): Buffer | null {
    const length = this.next();
    if (length < 0) return null;
    const start = this.at;
    this.at += length;
    return this.#bytes.subarray(start, this.at);
  }

  /** Text with its length in front. */
  text(): string {
    const length = this.next();
    const start = this.at;
    this.at += Math.max(0, length);
    return this.#bytes.toString('utf8', start, this.at);
  }
}
