import fc from 'fast-check';

import { readStreamCursor, streamIdentity, writeStreamCursor } from './stream-cursor.js';

const cursor = {
  identity: streamIdentity('cluster/topic'),
  positions: [0, 127, 128, 5_000_000_000],
  atMs: 1_780_000_000_000,
};

describe('the cursor of a stream', () => {
  it('comes back as it was written', () => {
    const positions = fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(positions, fc.nat({ max: 2 ** 31 - 1 }), fc.nat(), (numbers, atMs, at) => {
        const given = { ...cursor, positions: numbers, atMs, newest: at % numbers.length };
        expect(readStreamCursor(writeStreamCursor(given))).toEqual(given);
      }),
    );
    expect(readStreamCursor(writeStreamCursor(cursor))).toEqual(cursor);
  });

  it('is short, and safe in an address and a header', () => {
    const text = writeStreamCursor({ ...cursor, positions: Array.from({ length: 8 }, () => 10_000_000) });
    expect(text).toMatch(/^[\w-]{1,80}$/);
  });

  it('differs between two topics', () => {
    expect(streamIdentity('cluster/topic')).not.toBe(streamIdentity('cluster/prefix.topic'));
  });

  const text = writeStreamCursor({ ...cursor, newest: 1 });

  it.each<[string, string]>([
    ['is empty', ''],
    ['is no base64', '!!!!'],
    ['is cut', text.slice(0, -2)],
    ['is longer', `${text}AA`],
    ['has another version', `B${text.slice(1)}`],
    ['has a space', ` ${text}`],
    ['is padded', `${text}==`],
    ['is in the other alphabet', 'AQ++++++////////'],
    ['is a number', '12345'],
    [
      'has half a number',
      Buffer.concat([Buffer.from(text, 'base64url').subarray(0, 13), Buffer.from([0, 1, 0x80])]).toString(
        'base64url',
      ),
    ],
    [
      'has a number in a longer form',
      Buffer.concat([Buffer.from(text, 'base64url').subarray(0, 13), Buffer.from([0, 1, 0x80, 0])]).toString(
        'base64url',
      ),
    ],
    [
      'has an endless number',
      Buffer.concat([Buffer.from(text, 'base64url').subarray(0, 13), Buffer.alloc(10_000, 0xff)]).toString(
        'base64url',
      ),
    ],
    [
      'counts more partitions than it has',
      Buffer.concat([Buffer.from(text, 'base64url').subarray(0, 13), Buffer.from([0, 9, 1])]).toString(
        'base64url',
      ),
    ],
    ['is a megabyte', 'A'.repeat(1_000_000)],
  ])('that %s is none', (_what, given) => {
    expect(readStreamCursor(given)).toBeUndefined();
  });

  it('that is any other text is none', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (given) =>
          readStreamCursor(given) === undefined ||
          given === writeStreamCursor(readStreamCursor(given) ?? cursor),
      ),
    );
  });
});
