import { crc32c } from './crc32c.js';

const bytes = (length: number, value: (index: number) => number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => value(index));

describe('crc32c', () => {
  // The examples of RFC 3720, appendix B.4, and the usual check value.
  it.each<[string, Uint8Array, number]>([
    ['nothing', new Uint8Array(), 0],
    ['the digits', Buffer.from('123456789'), 0xe3069283],
    ['zeros', bytes(32, () => 0), 0x8a9136aa],
    ['ones', bytes(32, () => 0xff), 0x62a8ab43],
    ['counting up', bytes(32, (index) => index), 0x46dd794e],
    ['counting down', bytes(32, (index) => 31 - index), 0x113fdb5c],
  ])('of %s equals the published value', (_, input, expected) => {
    expect(crc32c(input)).toBe(expected);
  });

  it('covers exactly the given range', () => {
    const framed = Buffer.from('xx123456789yyy');
    expect(crc32c(framed, 2, 11)).toBe(0xe3069283);
  });
});
