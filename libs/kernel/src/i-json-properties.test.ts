import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Choices, jsonValue, placesIn, replaceAt, spell } from '../test/json-arbitraries.js';
import { IJsonError } from './i-json.errors.js';
import { assertIJson, parseIJson } from './i-json.js';
import { jsonPointer } from './json-pointer.js';
import type { JsonValue } from './json-value.js';

const seed = fc.integer({ min: 0 });
const runs = { numRuns: 10_000 };

type Verdict = { readonly value: JsonValue } | { readonly error: IJsonError };

/** The result of parseIJson. Any thrown value but an IJsonError fails the test. */
function verdictOn(source: string | Uint8Array): Verdict {
  try {
    return { value: parseIJson(source) };
  } catch (error) {
    if (error instanceof IJsonError) return { error };
    throw error;
  }
}

function nativeVerdictOn(source: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(source) as unknown };
  } catch {
    return undefined;
  }
}

it('reads back what JSON.stringify wrote', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      assertIJson(value);
      return isDeepStrictEqual(parseIJson(JSON.stringify(value)), value);
    }),
    runs,
  );
});

it('reads every spelling of a value alike, from text and from bytes', () => {
  fc.assert(
    fc.property(jsonValue, seed, (value, choice) => {
      const source = spell(value, new Choices(choice));
      return (
        isDeepStrictEqual(parseIJson(source), value) &&
        isDeepStrictEqual(parseIJson(Buffer.from(source)), value)
      );
    }),
    runs,
  );
});

/** JSON that is not I-JSON, with its error code and the place of the error below the fragment. */
const poisons: readonly (readonly [fragment: string, code: string, below: string])[] = [
  ['9007199254740992', 'IJSON_NUMBER_RANGE', ''],
  ['-1E99', 'IJSON_NUMBER_RANGE', ''],
  ['{"n":[1e400]}', 'IJSON_NUMBER_RANGE', '/n/0'],
  ['"ok \\uD83D"', 'IJSON_LONE_SURROGATE', ''],
  ['"\udc00 ok"', 'IJSON_LONE_SURROGATE', ''],
  ['{"\\udc00":1}', 'IJSON_LONE_SURROGATE', '/\ufffd'],
  ['"\\uFFFE"', 'IJSON_NONCHARACTER', ''],
  ['{"a":1,"b":{},"\\u0061":1}', 'IJSON_DUPLICATE_NAME', '/a'],
  ['{"__proto__":{}}', 'IJSON_FORBIDDEN_NAME', '/__proto__'],
  ['NaN', 'IJSON_SYNTAX', ''],
  ['undefined', 'IJSON_SYNTAX', ''],
  ["'a'", 'IJSON_SYNTAX', ''],
  ['.5', 'IJSON_SYNTAX', ''],
  ['[1,]', 'IJSON_SYNTAX', '/1'],
  [`${'['.repeat(40)}${']'.repeat(40)}`, 'IJSON_TOO_DEEP', '/0'],
];

it('refuses a text with a poisoned fragment anywhere, and points at the place', () => {
  const marker = 'here the poison goes';
  fc.assert(
    fc.property(jsonValue, fc.constantFrom(...poisons), seed, (value, [fragment, code, below], choice) => {
      const choices = new Choices(choice);
      const place = choices.pick(placesIn(value));
      const marked = JSON.stringify(replaceAt(value, place, marker));
      const verdict = verdictOn(marked.replace(`"${marker}"`, () => fragment));
      if (!('error' in verdict)) return false;
      const expected = jsonPointer(place) + below;
      const { pointer } = verdict.error;
      const pointsThere = code === 'IJSON_TOO_DEEP' ? pointer.startsWith(expected) : pointer === expected;
      return verdict.error.code === code && pointsThere && verdict.error.offset !== undefined;
    }),
    runs,
  );
});

it('refuses a value with a poisoned part anywhere, and points at the place', () => {
  const poisoned = [
    undefined,
    Number.NaN,
    2 ** 53,
    1n,
    '\ud800',
    '\uffff',
    new Date(0),
    () => 1,
    Symbol('a'),
  ];
  fc.assert(
    fc.property(jsonValue, fc.constantFrom<unknown>(...poisoned), seed, (value, poison, choice) => {
      const place = new Choices(choice).pick(placesIn(value));
      try {
        assertIJson(replaceAt(value, place, poison));
        return false;
      } catch (error) {
        return error instanceof IJsonError && error.pointer === jsonPointer(place);
      }
    }),
    runs,
  );
});

/** Holds for every text: both parsers agree on syntax and value, and only ours has further reasons to refuse. */
function agreesWithNative(source: string): boolean {
  const verdict = verdictOn(source);
  const native = nativeVerdictOn(source);
  if ('value' in verdict) return native !== undefined && isDeepStrictEqual(verdict.value, native.value);
  return native === undefined || verdict.error.code !== 'IJSON_SYNTAX';
}

it('agrees with JSON.parse on texts with a few characters changed', () => {
  const characters = [
    ...Array.from('{}[]",:\\/-+.0123456789eEtrufalsn \n\t'),
    '\u0000',
    '\u00a0',
    '\ufeff',
    '\ud800',
    '\udc00',
  ];
  fc.assert(
    fc.property(jsonValue, seed, (value, choice) => {
      const choices = new Choices(choice);
      let source = spell(value, choices);
      for (let edits = 1 + choices.below(3); edits > 0; edits -= 1) {
        const at = choices.below(source.length + 1);
        const inserted = choices.below(3) === 0 ? '' : choices.pick(characters);
        source = source.slice(0, at) + inserted + source.slice(at + choices.below(2));
      }
      return agreesWithNative(source);
    }),
    runs,
  );
});

it('agrees with JSON.parse on tokens in any order', () => {
  const token = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '"b"',
      '"__proto__"',
      '\\',
      'u00',
      '0',
      '1',
      '-',
      '.',
      'e',
      'E+',
    ],
    ...[
      ' ',
      '\n',
      'true',
      'false',
      'null',
      'nul',
      '9007199254740991',
      '9007199254740992',
      '\\ud800',
      '\ud800',
    ],
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 9 }), (tokens) => agreesWithNative(tokens.join(''))),
    runs,
  );
});

it('fails on random bytes and random text only with IJsonError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.string({ unit: 'binary' }), (bytes, source) => {
      verdictOn(bytes);
      return agreesWithNative(source);
    }),
    { numRuns: 4000 },
  );
});
