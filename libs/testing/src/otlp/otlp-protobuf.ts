/** One field of a protobuf message: a number, or the bytes of a nested message or text. */
type Field = readonly [field: number, value: number | Buffer];

/** Splits a protobuf message into its fields. It knows the wire format and nothing about OTLP. */
export function protobufFields(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('the message breaks off');
      at += 1;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        fields.push([field, varint()]);
        break;
      case 1:
        fields.push([field, bytes.subarray(at, at + 8)]);
        at += 8;
        break;
      case 2: {
        const length = varint();
        fields.push([field, bytes.subarray(at, at + length)]);
        at += length;
        break;
      }
      case 5:
        fields.push([field, bytes.subarray(at, at + 4)]);
        at += 4;
        break;
      default:
        throw new RangeError(`unknown wire type in field ${field}`);
    }
  }
  return fields;
}

/** The nested messages or texts of one field. */
export function nested(fields: readonly Field[], field: number): Buffer[] {
  return fields.flatMap(([name, value]) => (name === field && Buffer.isBuffer(value) ? [value] : []));
}

export function textOf(fields: readonly Field[], field: number): string {
  return nested(fields, field)[0]?.toString('utf8') ?? '';
}

export function hexOf(fields: readonly Field[], field: number): string {
  return nested(fields, field)[0]?.toString('hex') ?? '';
}

export function numberOf(fields: readonly Field[], field: number): number {
  const found = fields.find(([name]) => name === field)?.[1];
  return typeof found === 'number' ? found : 0;
}

/** A time in nanoseconds as milliseconds. */
export function millisecondsOf(fields: readonly Field[], field: number): number {
  const bytes = nested(fields, field)[0];
  return bytes === undefined ? 0 : Number(bytes.readBigUInt64LE() / 1_000n) / 1_000;
}
