import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import reference from 'canonicalize';
import fc from 'fast-check';
import { Choices, jsonValue, lookAlike, spell } from '../test/json-arbitraries.js';
import { canonicalize } from './canonical-json.js';
import { IJsonError } from './i-json.errors.js';
import { parseIJson } from './i-json.js';
import type { JsonValue } from './json-value.js';

interface Vectors {
  readonly texts: readonly { readonly name: string; readonly input: string; readonly output: string }[];
  readonly numbers: readonly { readonly bits: string; readonly text: string }[];
  readonly notNumbers: readonly string[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../test/fixtures/rfc8785.json', import.meta.url), 'utf8'),
) as Vectors;

const runs = { numRuns: 10_000 };

function doubleOf(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

describe('the vectors of RFC 8785', () => {
  it.each(vectors.texts)('$name', ({ input, output }) => {
    expect(canonicalize(JSON.parse(input) as JsonValue)).toBe(output);
  });

  it.each(vectors.numbers)('number $bits is $text', ({ bits, text }) => {
    expect(canonicalize(doubleOf(bits))).toBe(text);
  });

  it.each(vectors.notNumbers)('number %s has no form', (bits) => {
    expect(() => canonicalize(doubleOf(bits))).toThrow(IJsonError);
  });
});

describe('refuses values without a canonical form instead of leaving them out', () => {
  const cycle: JsonValue[] = [];
  cycle.push(cycle);
  const hole: unknown[] = [];
  hole.length = 1;

  it.each<[string, unknown, string, string]>([
    ['undefined', { a: undefined }, 'IJSON_NOT_JSON', '/a'],
    ['a hole', hole, 'IJSON_NOT_JSON', '/0'],
    ['NaN', { a: [Number.NaN] }, 'IJSON_NOT_JSON', '/a/0'],
    ['a function', [() => 1], 'IJSON_NOT_JSON', '/0'],
    ['a bigint', 1n, 'IJSON_NOT_JSON', ''],
    ['a symbol', [Symbol('a')], 'IJSON_NOT_JSON', '/0'],
    ['a date', { at: new Date(0) }, 'IJSON_NOT_JSON', '/at'],
    ['a lone surrogate', { a: 'x\ud800' }, 'IJSON_LONE_SURROGATE', '/a'],
    ['a lone surrogate in a name', { 'x\udc00': 1 }, 'IJSON_LONE_SURROGATE', '/x\ufffd'],
    ['a cycle', cycle, 'IJSON_TOO_DEEP', '/0'.repeat(1024)],
  ])('%s', (_, value, code, pointer) => {
    let refusal: unknown;
    try {
      canonicalize(value as JsonValue);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(IJsonError);
    expect(refusal).toMatchObject({ code, pointer });
  });
});

it('agrees with an independent implementation', () => {
  fc.assert(
    fc.property(jsonValue, (value) => canonicalize(value) === reference(value)),
    runs,
  );
});

it('is the same for every spelling of a value', () => {
  fc.assert(
    fc.property(jsonValue, fc.integer({ min: 0 }), (value, choice) => {
      return canonicalize(parseIJson(spell(value, new Choices(choice)))) === canonicalize(value);
    }),
    { numRuns: 3000 },
  );
});

it('loses nothing: different values never share a form', () => {
  fc.assert(
    fc.property(jsonValue, (value) => isDeepStrictEqual(parseIJson(canonicalize(value)), value)),
    runs,
  );
});

it('distinguishes values that look alike', () => {
  let equal = 0;
  fc.assert(
    fc.property(lookAlike, lookAlike, (left, right) => {
      const same = isDeepStrictEqual(left, right);
      if (same) equal += 1;
      return (canonicalize(left) === canonicalize(right)) === same;
    }),
    runs,
  );
  // The pairs are close enough for both answers to occur.
  expect(equal).toBeGreaterThan(100);
});
