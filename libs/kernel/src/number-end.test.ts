import fc from 'fast-check';

import { isExactNumber } from './exact-number.js';
import { endOfNumber } from './number-end.js';

const grammar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

describe('endOfNumber', () => {
  it('ends where the grammar of JSON ends', () => {
    const piece = fc.constantFrom('0', '1', '9', '00', '-', '+', '.', 'e', 'E', ',', ' ', '');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.nat(4), (pieces, start) => {
        const text = pieces.join('');
        grammar.lastIndex = start;
        expect(endOfNumber(text, start)).toBe(grammar.test(text) ? grammar.lastIndex : -1);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['whole', '9'.repeat(30_000_000)],
    ['fraction', `0.${'1'.repeat(30_000_000)}`],
    ['exponent', `1e${'1'.repeat(30_000_000)}`],
  ])('takes no stack for the digits of a long %s', (_, text) => {
    expect(endOfNumber(text, 0)).toBe(text.length);
    expect(isExactNumber(text)).toBe(false);
  });
});
