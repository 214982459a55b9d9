import fc from 'fast-check';

import { additionalData } from './additional-data.js';

const parts = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 6 });

describe('additional data', () => {
  it('differs for different lists of texts [EN2]', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(additionalData(one).equals(additionalData(other))).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('differs when a character moves from one text to the next [EN2]', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 2, maxLength: 20 }),
        fc.nat(),
        fc.nat(),
        (text, a, b) => {
          const characters = Array.from(text);
          const split = (at: number): string[] => {
            const index = at % (characters.length + 1);
            return [characters.slice(0, index).join(''), characters.slice(index).join('')];
          };
          const isSame = split(a)[0] === split(b)[0];
          expect(additionalData(split(a)).equals(additionalData(split(b)))).toBe(isSame);
        },
      ),
    );
  });

  it('refuses texts that UTF-8 cannot tell apart', () => {
    expect(() => additionalData(['\ud800'])).toThrow(TypeError);
  });
});
