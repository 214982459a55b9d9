import { bytea, hexBytea, jsonRows } from './json-rows.js';

describe('rows as JSON', () => {
  it('leave out absent members and keep exact texts', () => {
    const request = JSON.stringify({ text: 'it\'s "quoted" \\ and \u0000, ü 😀 \ud83d' });
    expect(JSON.parse(jsonRows([{ request, outcome: undefined, fence: 1 }]))).toEqual([
      { request, fence: 1 },
    ]);
  });

  it('replace half of a surrogate pair, and nothing else', () => {
    expect(jsonRows([{ a: 'x\ud83dy', b: '😀\udc00' }])).toBe('[{"a":"x\ufffdy","b":"😀\ufffd"}]');
  });

  it('write bytes in PostgreSQL’s input format', () => {
    expect([bytea(Buffer.from([0, 255])), hexBytea('00ff')]).toEqual(['\\x00ff', '\\x00ff']);
  });
});
