const lengthBytes = 4;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Encodes texts, each behind its length. No other list of texts has the same bytes. A separator alone would give
 * `["a:b", "c"]` and `["a", "b:c"]` one encoding. Throws `TypeError` for a text that is not valid Unicode, because
 * UTF-8 writes all invalid characters as one.
 */
export function additionalData(parts: readonly string[]): Buffer {
  const pieces = parts.flatMap((part) => {
    if (loneSurrogate.test(part)) throw new TypeError('a part of the additional data is not valid Unicode');
    const text = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32BE(text.length);
    return [length, text];
  });
  const count = Buffer.alloc(lengthBytes);
  count.writeUInt32BE(parts.length);
  return Buffer.concat([count, ...pieces]);
}
