import { parseExactJson } from './exact-json.js';

describe('JSON with large integers', () => {
  it.each([
    ['{"id":7615917337495251231}', { id: '7615917337495251231' }],
    ['[-9007199254740993,9007199254740991]', ['-9007199254740993', 9007199254740991]],
    ['{"text":"a 7615917337495251231 \\" 1","n":1.5e300}', { text: 'a 7615917337495251231 " 1', n: 1.5e300 }],
    ['"1234567890123456789"', '1234567890123456789'],
    [
      '{"f":0.12345678901234567,"e":12345678901234567890e0}',
      { f: 0.12345678901234567, e: 12345678901234567890 },
    ],
  ])('keeps every digit of %s', (text, value) => {
    expect(parseExactJson(text)).toEqual(value);
  });

  it.each(['01234567890123456789', '{"a":1234567890123456789', '"12345678901234567', '1234567890123456789-'])(
    'stays invalid: %s',
    (text) => {
      expect(() => parseExactJson(text)).toThrow(SyntaxError);
    },
  );

  it('is read in linear time', () => {
    const text = `[${'1234567890123456789,'.repeat(20_000)}"${'\\\\'.repeat(100_000)}"]`;
    const before = process.cpuUsage();
    expect(parseExactJson(text)).toHaveLength(20_001);
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });
});
