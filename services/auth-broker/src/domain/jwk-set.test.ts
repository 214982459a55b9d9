import { readJwkSet, usableKeys } from './jwk-set.js';
import { signingJwk } from './signing-key.fake.js';

describe('readJwkSet', () => {
  it('takes the usable keys, and names the others', () => {
    const good = signingJwk('EC', { kid: 'good' });
    const set = { keys: [good, signingJwk('RSA', { kid: 'weak' }, 1_024), { kty: 'oct', k: 'AAAA' }] };
    expect(readJwkSet(JSON.stringify(set))).toEqual({
      keys: [good],
      leftOut: ['key "weak" has 1024 bits; 2048 to 8192 are usable', 'key 3 is of no supported type'],
    });
  });

  it('takes an empty set: its issuer signs nothing any more', () => {
    expect(readJwkSet('{"keys":[]}')).toEqual({ keys: [], leftOut: [] });
  });

  it.each(['', 'null', '[]', '{}', '{"keys":{}}', '<html>', '['.repeat(100_000)])(
    'reads no set from %.20s',
    (text) => {
      expect(readJwkSet(text)).toBeUndefined();
    },
  );
});

describe('usableKeys', () => {
  it('take the first of two keys with one id and algorithm', () => {
    const [first, second] = [signingJwk('EC', { kid: 'k' }), signingJwk('EC', { kid: 'k' })];
    const other = signingJwk('OKP', { kid: 'k' });
    expect(usableKeys([first, second, other])).toEqual({
      keys: [first, other],
      leftOut: ['key "k" has the id of another key'],
    });
  });

  it('are bounded, as are their names', () => {
    const key = signingJwk('EC');
    const many = usableKeys(Array.from({ length: 150 }, (_, index) => ({ ...key, kid: `k${index}` })));
    expect(many.keys).toHaveLength(20);
    expect(many.leftOut).toHaveLength(81);
    expect(many.leftOut.at(-1)).toBe('all keys after the first 100');
    const named = usableKeys([{ kid: `\u001b[31m${'x'.repeat(300)}` }]);
    expect(named.leftOut[0]).toMatch(/^key "\?\[31mx{35}" is of no supported type$/);
  });
});
