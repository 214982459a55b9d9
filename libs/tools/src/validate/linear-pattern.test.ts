import fc from 'fast-check';
import { processorMsSince } from '@action-mesh/testing';

import { ArgumentValidator } from './argument-validator.js';
import { linearPattern, textPattern } from './linear-pattern.js';

describe('linearPattern', () => {
  it.each([
    ['^(a+)+$', `${'a'.repeat(200_000)}!`],
    ['(x+x+)+y', 'x'.repeat(200_000)],
    ['^(a|a)*$', `${'a'.repeat(200_000)}!`],
    ['^([^x]*x?){1,20}$', `${'ab'.repeat(100_000)}\n\u0000`],
  ])('judges %s quickly against its worst text', (pattern, text) => {
    const before = process.cpuUsage();
    linearPattern(pattern)?.test(text);
    expect(linearPattern(pattern)).toBeDefined();
    expect(processorMsSince(before)).toBeLessThan(2_000);
  });

  it.each(['(?=a)b', '(?!a)b', '(?<=a)b', '(a)\\1', 'a{1,2000}', '('])('cannot express %s', (pattern) => {
    expect(linearPattern(pattern)).toBeUndefined();
  });

  it.each([
    '^[a-z0-9_-]{1,100}$',
    '^\\d{4}-\\d{2}$',
    '^\\p{L}+$',
    '(?:^|,)x',
    '^[^@]+@[^@]+$',
    '\\.(?:png|jpe?g)$',
    '^\\u00e9',
  ])('agrees with JavaScript about %s', (pattern) => {
    const ours = linearPattern(pattern);
    const theirs = new RegExp(pattern, 'u');
    const alphabet = fc.constantFrom(
      'a',
      'Z',
      '0',
      '9',
      '-',
      '_',
      '@',
      '.',
      ',',
      'x',
      'é',
      '日',
      '.png',
      '2026-11',
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 8 }), (parts) => {
        expect(ours?.test(parts.join(''))).toBe(theirs.test(parts.join('')));
      }),
    );
  });
});

describe('textPattern', () => {
  it("uses JavaScript's engine for patterns that the linear engine cannot express", () => {
    expect(textPattern('^(?!x)[a-z]+$', 'u').test('abc')).toBe(true);
    expect(textPattern('^(?!x)[a-z]+$', 'u').test('xbc')).toBe(false);
  });

  it("never uses it because the caller's stack is full", () => {
    const nested = `${'('.repeat(200)}a+${')+'.repeat(200)}`;
    const engines = new Set<string>();
    const look = (): void => {
      try {
        engines.add(textPattern(nested, 'u') instanceof RegExp ? 'language' : 'linear');
      } catch (error) {
        engines.add(error instanceof RangeError ? 'none' : String(error));
      }
    };
    const useUp = (): void => {
      try {
        useUp();
      } catch {
        // The stack is full here. On the way back, each call has a little more of it.
      }
      if (!engines.has('linear')) look();
    };
    useUp();
    expect(engines).toEqual(new Set(['none', 'linear']));
  });
});

describe('an argument', () => {
  it('is checked against patterns, pattern properties and formats in linear time', () => {
    const input = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '^(a+)+$' }, u: { type: 'string', format: 'url' } },
      patternProperties: { '^(b+)+$': {} },
      additionalProperties: false,
    };
    const validator = new ArgumentValidator({ input });
    expect(validator.validate({ a: 'aaa', u: 'https://a.test/x?y=z', bb: 1 })).toEqual({ ok: true });
    const before = process.cpuUsage();
    const long = 100_000;
    const args = {
      a: `${'a'.repeat(long)}!`,
      u: `http://${'::'.repeat(long)}\u0001`,
      [`${'b'.repeat(long)}!`]: 1,
    };
    expect(validator.validate(args)).toMatchObject({ ok: false });
    expect(processorMsSince(before)).toBeLessThan(3_000);
  });
});
