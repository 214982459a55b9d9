import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../src/json-value.js';

/** Text with characters that are hard for escaping, sorting and Unicode rules, and none that I-JSON forbids. */
export const text = fc.string({
  unit: fc.constantFrom(
    ...[
      'a',
      'b',
      'Z',
      '0',
      '9',
      ' ',
      '/',
      '~',
      '"',
      '\\',
      '\n',
      '\u0000',
      '\u001f',
      '\u007f',
      '\u0080',
      '\u2028',
    ],
    ...['é', 'e\u0301', '\ufb33', '\ud7ff', '\ue000', '\ufffd', '😀', '\u{10fffd}'],
  ),
  maxLength: 8,
});

const memberName = fc.oneof(
  text,
  fc.nat({ max: 120 }).map(String),
  fc.constantFrom('', 'constructor', 'prototype', 'toJSON', 'hasOwnProperty', '__proto', 'length'),
);

const number = fc
  .oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -20, max: 20 }),
    fc.double({ noNaN: true, min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    fc.constantFrom(0, 5e-324, 1e-7, 0.1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  )
  .map((value) => (value === 0 ? 0 : value));

/** Any I-JSON value within the default limits, except -0: text does not keep it. */
export const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), number, text),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(memberName, tie('value')), { maxLength: 5, selector: ([name]) => name })
      .map(toObject),
  ),
})).value;

/** Values so alike that a careless writer gives two of them the same text. */
export const lookAlike: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.constantFrom<JsonValue>(
      null,
      'null',
      0,
      '0',
      1,
      '1',
      true,
      'true',
      '',
      '"',
      '\\"',
      ',',
      '1,1',
      '[]',
      '{}',
    ),
    fc.array(tie('value'), { maxLength: 2 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('', '0', 'a', 'a":1,"b', 'b'), tie('value')), {
        maxLength: 2,
        selector: ([name]) => name,
      })
      .map(toObject),
  ),
})).value;

function toObject(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(members);
}

/** A repeatable source of choices, as small as it can be (a linear congruential generator). */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T;
  }
}

/**
 * One of the many texts that mean `value`: any order of members, any whitespace, any escapes, any form of a number.
 */
export function spell(value: JsonValue, choices: Choices): string {
  const gap = (): string => choices.pick(['', '', '', ' ', '\n', '\t\r ']);
  if (typeof value === 'string') return gap() + spellText(value, choices) + gap();
  if (typeof value === 'number') return gap() + spellNumber(value, choices) + gap();
  if (value === null || typeof value === 'boolean') return gap() + String(value) + gap();
  if (Array.isArray(value))
    return `${gap()}[${value.map((item) => spell(item, choices)).join(',') || gap()}]${gap()}`;
  const members = Object.keys(value).map((name) => ({ name, order: choices.below(1000) }));
  members.sort((left, right) => left.order - right.order);
  const spelled = members.map(
    ({ name }) => `${gap()}${spellText(name, choices)}${gap()}:${spell(value[name] as JsonValue, choices)}`,
  );
  return `${gap()}{${spelled.join(',') || gap()}}${gap()}`;
}

function spellText(value: string, choices: Choices): string {
  const units = Array.from({ length: value.length }, (_, index) => value.charAt(index));
  const escape = (unit: string): string => {
    const digits = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${choices.pick([digits, digits.toUpperCase()])}`;
  };
  // Half a surrogate pair must not stand alone in the text, so the text is escaped as a whole or as JSON does it.
  if (choices.below(3) === 0) return `"${units.map(escape).join('')}"`;
  const plain = JSON.stringify(value);
  return choices.below(2) === 0 ? plain : plain.replaceAll('/', '\\/');
}

function spellNumber(value: number, choices: Choices): string {
  const plain = String(value);
  const exact = [plain, value.toExponential(), value.toExponential().toUpperCase()];
  if (/^-?\d+$/.test(plain)) exact.push(`${plain}.0`, `${plain}e0`, `${plain}.00E+00`);
  return choices.pick(exact);
}

/** Every place in a value, as a path of names and positions. */
export function placesIn(
  value: JsonValue,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => placesIn(item, [...path, index]))
    : Object.keys(value).flatMap((name) => placesIn(value[name] as JsonValue, [...path, name]));
  return [path, ...inner];
}

/** A copy of `value` that holds `replacement` at `path`; the replacement need not be JSON. */
export function replaceAt(
  value: JsonValue,
  path: readonly (string | number)[],
  replacement: unknown,
): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === first ? replaceAt(item, rest, replacement) : item));
  }
  const object = value as JsonObject;
  return Object.fromEntries(
    Object.keys(object).map((name) => {
      const member = object[name] as JsonValue;
      return [name, name === first ? replaceAt(member, rest, replacement) : member];
    }),
  );
}
