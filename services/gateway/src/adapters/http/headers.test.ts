import { processorMsSince } from '@action-mesh/testing';

import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { readPreferences } from './preferences.js';

const limits = { waitMs: 30_000, maxWaitMs: 120_000 };

describe('readPreferences', () => {
  it.each<[string | undefined, number, string | undefined]>([
    [undefined, 30_000, undefined],
    ['', 30_000, undefined],
    ['wait=10', 10_000, 'wait=10'],
    ['WAIT = 10', 10_000, 'wait=10'],
    ['wait="10"', 10_000, 'wait=10'],
    ['wait=0', 0, 'wait=0'],
    ['wait=999999999', 120_000, 'wait=120'],
    ['respond-async', 0, 'respond-async'],
    ['respond-async, wait=5', 5_000, 'respond-async, wait=5'],
    ['wait=5, wait=50', 5_000, 'wait=5'],
    ['return=minimal; foo="a b", wait=7; x', 7_000, 'wait=7'],
    ['handling=lenient', 30_000, undefined],
    ['waiting=5', 30_000, undefined],
  ])('reads %j', (header, waitMs, applied) => {
    const preferences = readPreferences(header, limits);
    expect([preferences.waitMs, preferences.applied]).toEqual([waitMs, applied]);
  });

  it.each(['wait', 'wait=', 'wait=ten', 'wait=-1', 'wait=1.5', 'wait=1e3', 'wait=9999999999'])(
    'refuses %j',
    (header) => {
      expect(() => readPreferences(header, limits)).toThrow(RequestRefusedError);
    },
  );

  it('takes a long hostile header in linear time', () => {
    const before = process.cpuUsage();
    readPreferences(`${' '.repeat(20_000)}x=${'"'.repeat(20_000)}${';'.repeat(20_000)}`, limits);
    readPreferences(`${'a'.repeat(30_000)} = ${' '.repeat(30_000)}`, limits);
    expect(processorMsSince(before)).toBeLessThan(500);
  });
});

describe('readIdempotencyKey', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ['"order-17"', 'order-17'],
    ['order-17', 'order-17'],
    ['  "order 17"  ', 'order 17'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ])('reads %j', (header, key) => expect(readIdempotencyKey(header)).toBe(key));

  it.each([
    '',
    '""',
    '"a',
    'a"',
    '"a" "b"',
    '"a", "b"',
    'a, b',
    'a,b',
    'a b',
    '"a";p=1',
    'a;p=1',
    '"a\\x"',
    '"\u00e9"',
    `"${'x'.repeat(201)}"`,
  ])('refuses %j', (header) => {
    expect(() => readIdempotencyKey(header)).toThrow(
      expect.objectContaining({ refusal: 'idempotency_key_invalid' }) as Error,
    );
  });
});
