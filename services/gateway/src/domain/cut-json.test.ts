import { readJsonNode } from '@action-mesh/kernel';
import fc from 'fast-check';

import { cutJson } from './cut-json.js';

function cut(
  value: unknown,
  maxBytes: number,
): { readonly part: unknown; readonly places: readonly unknown[] } {
  const { text, places } = cutText(typeof value === 'string' ? value : JSON.stringify(value), maxBytes);
  return { part: text === undefined ? undefined : JSON.parse(text), places };
}

function cutText(text: string, maxBytes: number): ReturnType<typeof cutJson> {
  return cutJson(text, readJsonNode(text), maxBytes);
}

const items = Array.from({ length: 100 }, (_, id) => ({ id, name: `person ${id}` }));

describe('a value that is cut', () => {
  it('keeps the first items of an array, whole, and says how many', () => {
    const { part, places } = cut({ items, total: 100 }, 300);
    expect(part).toMatchObject({ total: 100 });
    const kept = (part as { items: unknown[] }).items;
    expect(kept).toEqual(items.slice(0, kept.length));
    expect(kept.length).toBeGreaterThan(6);
    expect(places).toEqual([{ pointer: '/items', unit: 'items', kept: kept.length, of: 100 }]);
  });

  it('keeps every digit of a number', () => {
    const big = `{"ids":[${Array.from({ length: 50 }, () => '7615917337495251231').join(', ')}],"n":1.10}`;
    const { text } = cutText(big, 100);
    const id = '7615917337495251231';
    expect(text).toBe(`{"ids":[${[id, id, id, id].join(',')}],"n":1.10}`);
  });

  it('keeps small members of an object, and the beginning of long texts', () => {
    const { part, places } = cut({ body: 'b'.repeat(5_000), id: 7, log: 'l'.repeat(5_000) }, 400);
    expect(part).toEqual({
      body: expect.stringMatching(/^b{150,190}…$/) as string,
      id: 7,
      log: expect.stringMatching(/^l{150,190}…$/) as string,
    });
    expect(places).toMatchObject([
      { pointer: '/log', unit: 'bytes', of: 5_000 },
      { pointer: '/body', unit: 'bytes', of: 5_000 },
    ]);
  });

  it('leaves out a short text rather than half of it', () => {
    const ids = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`m${n}`, 'x'.repeat(100)]));
    const { part, places } = cut(ids, 300);
    expect(Object.values(part as object).every((text) => text === 'x'.repeat(100))).toBe(true);
    expect(places).toEqual([{ pointer: '', unit: 'members', kept: 2, of: 10 }]);
  });

  it('keeps a part of a large first item', () => {
    const { part } = cut([{ id: 1, text: 't'.repeat(1_000) }, { id: 2 }], 300);
    expect(part).toEqual([{ id: 1, text: expect.stringMatching(/^t+…$/) as string }]);
  });

  it('splits no escape and no character', () => {
    for (const unit of ['\\n', '\\u00e9', '\\ud83d\\ude00', '😀', 'é', '\\"', '\\\\']) {
      for (let maxBytes = 64; maxBytes < 80; maxBytes += 1) {
        const { text } = cutText(`"${unit.repeat(300)}"`, maxBytes);
        expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(maxBytes);
        const read = JSON.parse(text ?? '') as string;
        const one = JSON.parse(`"${unit}"`) as string;
        expect(read.slice(0, -1).replaceAll(one, '')).toBe('');
      }
    }
  });

  it('is well-formed JSON within the bound, for every value', () => {
    const long = fc.string({ unit: 'grapheme', minLength: 150, maxLength: 400 });
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'large' },
        fc.jsonValue({ maxDepth: 0 }),
        long,
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 8 }),
      object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 8 }),
    })).value;
    fc.assert(
      fc.property(tree, fc.integer({ min: 2, max: 600 }), (value, maxBytes) => {
        const text = JSON.stringify(value);
        const part = cutText(text, maxBytes);
        if (Buffer.byteLength(text) <= maxBytes) expect(part).toEqual({ text, places: [] });
        if (part.text === undefined) return;
        expect(() => JSON.parse(part.text ?? '') as unknown).not.toThrow();
        expect(Buffer.byteLength(part.text)).toBeLessThanOrEqual(maxBytes);
        expect(part.text === text).toBe(part.places.length === 0);
      }),
      { numRuns: 250 },
    );
  });

  it('takes time in proportion to the value, however the value is built', () => {
    const values = [
      `[${'0,'.repeat(250_000)}0]`,
      `{${Array.from({ length: 40_000 }, (_, n) => `"m${n}":[]`).join(',')}}`,
      `${'[['.repeat(30)}${'"x",'.repeat(100_000)}1${']]'.repeat(30)}`,
      `"${'\\ud83d\\ude00'.repeat(40_000)}"`,
    ];
    for (const value of values) {
      const before = process.cpuUsage();
      expect(cutText(value, 100_000).text).toBeDefined();
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(2_000);
    }
  });
});
