import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Choices, jsonValue, spell } from '../test/json-arbitraries.js';
import { callHash, contentHash } from './call-hash.js';
import type { CallIdentity } from './call-hash.js';
import { canonicalize } from './canonical-json.js';
import { IJsonError } from './i-json.errors.js';
import { parseIJson } from './i-json.js';

interface RecordedHash {
  readonly kind: 'call' | 'content';
  readonly of: CallIdentity;
  readonly canonical: string;
  readonly sha256: string;
}

const recorded = JSON.parse(
  readFileSync(new URL('../test/fixtures/call-hashes.json', import.meta.url), 'utf8'),
) as readonly RecordedHash[];

const identity: CallIdentity = {
  tool: 'crm_update_contact',
  majorVersion: 1,
  arguments: { a: 1 },
  scope: 'run:r_1',
};

describe('recorded hashes', () => {
  // The ledger stores hashes. When one of these fails, the algorithm has changed, and the version in its tag must
  // change too.
  it.each(recorded)('$kind hash of $canonical', ({ kind, of, sha256 }) => {
    expect(kind === 'call' ? callHash(of) : contentHash(of)).toBe(sha256);
  });
});

describe('callHash', () => {
  it.each<[string, Partial<CallIdentity>]>([
    ['tool', { tool: 'crm_update_contacts' }],
    ['major version', { majorVersion: 2 }],
    ['arguments', { arguments: { a: '1' } }],
    ['scope', { scope: 'run:r_2' }],
    ['occurrence', { occurrence: 1 }],
    ['occurrence as text', { occurrence: '1' }],
    ['an empty occurrence', { occurrence: '' }],
  ])('depends on %s', (_, change) => {
    expect(callHash({ ...identity, ...change })).not.toBe(callHash(identity));
  });

  it('distinguishes the number 1 as an occurrence from the text "1"', () => {
    expect(callHash({ ...identity, occurrence: 1 })).not.toBe(callHash({ ...identity, occurrence: '1' }));
  });

  it('ignores fields outside the identity', () => {
    const wider = { ...identity, call_id: '1', agent: { run_id: 'r' } };
    expect(callHash(wider)).toBe(callHash(identity));
  });

  it('is refused for arguments without a canonical form', () => {
    const broken = { ...identity, arguments: { a: undefined } } as unknown as CallIdentity;
    expect(() => callHash(broken)).toThrow(IJsonError);
  });
});

describe('contentHash', () => {
  it('does not depend on scope and occurrence', () => {
    const elsewhere = { ...identity, scope: 'global', occurrence: 7 };
    expect(contentHash(elsewhere)).toBe(contentHash(identity));
  });

  it('is never a call hash', () => {
    expect(contentHash(identity)).not.toBe(callHash(identity));
  });
});

it('is the same for every spelling of the arguments, and another for other arguments', () => {
  fc.assert(
    fc.property(jsonValue, jsonValue, fc.integer({ min: 0 }), (value, other, choice) => {
      const respelled = parseIJson(spell(value, new Choices(choice)));
      const expected = callHash({ ...identity, arguments: value });
      if (callHash({ ...identity, arguments: respelled }) !== expected) return false;
      const hashesDiffer = callHash({ ...identity, arguments: other }) !== expected;
      return hashesDiffer === !isDeepStrictEqual(value, other);
    }),
    { numRuns: 4000 },
  );
});

it('changes when text moves from one part of the identity to another', () => {
  const part = fc.constantFrom('', 'a', '1', 'a","tool":"b', '"', '\n');
  fc.assert(
    fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (left, right) => {
      const hash = ([tool, scope, occurrence]: readonly [string, string, string]): string =>
        callHash({ tool, majorVersion: 1, arguments: null, scope, occurrence });
      return (hash(left) === hash(right)) === (canonicalize(left) === canonicalize(right));
    }),
    { numRuns: 2000 },
  );
});
