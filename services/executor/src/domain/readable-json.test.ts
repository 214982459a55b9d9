import { processorMsSince } from '@action-mesh/testing';

import { readAnswerJson } from './readable-json.js';

const read = (text: string) => readAnswerJson({ kind: 'json', text });

describe('a body as evidence', () => {
  it.each([
    ['{"a":1,"a":1}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['[{"b":{"a":[]},"a":1},{"a":{"a":1}}]', false],
    ['{"a":"b","b":"a","c":["a","a","a"]}', false],
    ['{"a" \n:1,"b":"a\\":1,","a"\t:2}', true],
    ['{"":1,"":2}', true],
    ['{"__proto__":1,"__proto__":2}', true],
    ['{"a\\\\":1,"a":2}', false],
    ['"a"', false],
  ])('%s has a member twice: %s', (text, twice) => {
    JSON.parse(text);
    expect('unreadable' in read(text)).toBe(twice);
  });

  it('is read in time linear in its length', () => {
    const worst = (size: number): string[] => [
      `{${Array.from({ length: size / 8 }, (_, n) => `"${n}":0`).join(',')}}`,
      `["${'\\"'.repeat(size / 2)}"]`,
      `{"a"${' '.repeat(size)}:1}`,
      `[${Array.from({ length: size / 12 }, () => `"a"${' '.repeat(8)}`).join(',')}]`,
      '['.repeat(30) + '[],'.repeat(size / 3) + '0' + ']'.repeat(30),
    ];
    const shortest = (text: string): number => {
      const times = [0, 1, 2].map(() => {
        const before = process.cpuUsage();
        read(text);
        return processorMsSince(before);
      });
      return Math.min(...times);
    };
    for (const [index, text] of worst(400_000).entries()) {
      const small = shortest(worst(100_000)[index] ?? '');
      // Four times the length. Quadratic work would take sixteen times as long.
      expect([index, shortest(text) < 10 * small + 20]).toEqual([index, true]);
    }
  });
});
