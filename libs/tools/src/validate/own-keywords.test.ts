import type { Tool } from '@action-mesh/contracts/catalog';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { processorMsSince } from '@action-mesh/testing';

import { ArgumentValidator } from './argument-validator.js';
import { schemaProblem } from './schema-compiler.js';

function validatorOf(
  properties: Record<string, unknown>,
  more: Record<string, unknown> = {},
): ArgumentValidator {
  return new ArgumentValidator({ input: { type: 'object', properties, ...more } as Tool['input'] });
}

function verdicts(validator: ArgumentValidator, values: readonly unknown[]): readonly boolean[] {
  return values.map((a) => validator.validate({ a }).ok);
}

/** A chain of definitions. `link` builds each one from a reference to the next. */
function chain(length: number, link: (next: unknown) => unknown = (next) => next): Record<string, unknown> {
  const $defs: Record<string, unknown> = { [`S${length}`]: { type: 'string' } };
  for (let index = 0; index < length; index += 1)
    $defs[`S${index}`] = link({ $ref: `#/$defs/S${index + 1}` });
  return { type: 'object', properties: { a: { $ref: '#/$defs/S0' } }, $defs };
}

describe('uniqueItems', () => {
  const unique = validatorOf({ a: { type: 'array', uniqueItems: true } });

  it('compares items as JSON values', () => {
    const equal = [
      [1, 2, 1.0],
      [0, -0],
      [
        { x: 1, y: [{ z: null, w: 2 }] },
        { y: [{ w: 2, z: null }], x: 1 },
      ],
      [[1], [1]],
      ['\ud800', '\ud800'],
    ];
    const different = [
      [1, '1', true, 'true', null, 'null', [1], '[1]', {}, '{}'],
      [{ x: 1 }, { x: '1' }, { y: 1 }],
      [
        [1, 2],
        [2, 1],
      ],
      [],
    ];
    expect(verdicts(unique, equal)).toEqual(equal.map(() => false));
    expect(verdicts(unique, different)).toEqual(different.map(() => true));
  });

  it('gives the same result as a comparison of each pair', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 6 }), (values) => {
        const items = JSON.parse(JSON.stringify(values)) as unknown[];
        const isUnique = items.every(
          (item, index) => !items.slice(0, index).some((other) => isDeepStrictEqual(item, other)),
        );
        expect(unique.validate({ a: items }).ok).toBe(isUnique);
      }),
    );
  });

  it('names the equal items', () => {
    expect(unique.validate({ a: ['x', 'y', 'x'] })).toMatchObject({
      problems: [
        { pointer: '/a', message: 'must NOT have duplicate items (items ## 0 and 2 are identical)' },
      ],
    });
  });

  it('has no effect if it is false', () => {
    expect(verdicts(validatorOf({ a: { uniqueItems: false } }), [[1, 1]])).toEqual([true]);
  });

  it('takes time in proportion to the items (A2)', () => {
    const objects = validatorOf({ a: { type: 'array', uniqueItems: true, items: { type: 'object' } } });
    const before = process.cpuUsage();
    expect(verdicts(objects, [Array.from({ length: 20_000 }, (_, a) => ({ a }))])).toEqual([true]);
    expect(processorMsSince(before)).toBeLessThan(1_000);
  });

  it('counts each check of an item in any number of alternatives (A2)', () => {
    const unique = { type: 'array', uniqueItems: true };
    const alternatives = validatorOf({ a: { anyOf: Array.from({ length: 100 }, () => unique) } });
    expect(alternatives.validate({ a: [...Array(19_000).keys(), 0] })).toMatchObject({
      problems: [{ message: expect.stringContaining('too much work') as unknown }],
    });
  });
});

describe('multipleOf', () => {
  it.each([
    [0.01, [19.99, 0.07, -4.35, 0, 999_999_999.99, 1.1], [0.015, 19.991, 999_999_999.995]],
    [0.1, [0.3, 1e9], [0.05]],
    [1e6, [3e6, -1e6], [1, 1e6 + 1]],
    [2, [Number.MAX_SAFE_INTEGER - 1], [Number.MAX_SAFE_INTEGER, 0.5]],
    [2.5, [7.5], [8]],
  ])('%d accepts its multiples within rounding, and nothing else', (multipleOf, taken, refused) => {
    const validator = validatorOf({ a: { type: 'number', multipleOf } });
    expect(verdicts(validator, taken)).toEqual(taken.map(() => true));
    expect(verdicts(validator, refused)).toEqual(refused.map(() => false));
  });
});

describe('a chain of references', () => {
  it.each([
    ['bare', undefined],
    ['in a property', (n: unknown) => ({ type: 'object', properties: { n } })],
    ['in an alternative', (n: unknown) => ({ anyOf: [n, { type: 'null' }] })],
  ])('%s is refused by the compiler exactly if a call could not be checked', (_, link) => {
    const tooLong = /the chain of references is too long/;
    for (const length of [1, 40, 100, 400]) {
      const schema = chain(length, link);
      const result = new ArgumentValidator({ input: schema as Tool['input'] }).validate({});
      if (result.ok) expect(schemaProblem(schema)).toBeUndefined();
      else expect(schemaProblem(schema)).toMatch(tooLong);
    }
    expect(schemaProblem(chain(40, link))).toBeUndefined();
    expect(schemaProblem(chain(400, link))).toMatch(tooLong);
  });

  it('ends at the same length at any depth of the stack', () => {
    expect(schemaProblem(chain(148))).toBeUndefined();
    expect(schemaProblem(chain(149))).toMatch(/the chain of references is too long/);
  });

  it('never exhausts the stack of a caller with little stack left, and is checked again at the next call', () => {
    // Counts the remaining stack from its end, because the size of a frame differs from run to run.
    const useUp = (onTheWayBack: (framesLeft: number) => void): number => {
      let framesLeft = 0;
      try {
        framesLeft = useUp(onTheWayBack) + 1;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      onTheWayBack(framesLeft);
      return framesLeft;
    };
    const frames = useUp(() => undefined);
    const calls = new Map<ArgumentValidator, unknown>();
    const parts = new Set([0.2, 0.3, 0.4, 0.5].map((part) => Math.floor(frames * part)));
    useUp((framesLeft) => {
      if (!parts.delete(framesLeft)) return;
      const validator = new ArgumentValidator({ input: chain(148) as Tool['input'] });
      calls.set(validator, validator.validate({}));
    });
    expect(calls.size).toBe(4);
    expect([...calls.values()]).toContainEqual({
      ok: false,
      problems: [{ pointer: '', message: expect.stringContaining('too much work') as unknown }],
    });
    for (const validator of calls.keys()) expect(validator.validate({})).toEqual({ ok: true });
  });

  it('that was published before this rule leaves the arguments undecided, at every call', () => {
    const validator = new ArgumentValidator({ input: chain(400) as Tool['input'] });
    for (const args of [{}, { a: 1 }]) {
      expect(validator.validate(args)).toMatchObject({
        problems: [{ pointer: '', message: expect.stringContaining('too much work') as unknown }],
      });
    }
  });

  it('at each level of a deep value ends with a problem, and not with a full stack', () => {
    const schema = chain(140);
    schema['$defs'] = { ...(schema['$defs'] as object), S140: { properties: { a: { $ref: '#/$defs/S0' } } } };
    let value: unknown = {};
    for (let level = 0; level < 200; level += 1) value = { a: value };
    expect(new ArgumentValidator({ input: schema as Tool['input'] }).validate(value)).toMatchObject({
      problems: [{ message: expect.stringContaining('too much work') as unknown }],
    });
  });
});

describe('a reference to the root or to a property', () => {
  it.each(['#', '#/properties/x'])('counts a step if it leads to %s (A2)', (target) => {
    const again = { $ref: target };
    const within = { type: 'object', patternProperties: { '^a': again, a$: again, a: again } };
    const validator = validatorOf({ x: within }, within);
    let value: unknown = {};
    for (let level = 0; level < 40; level += 1) value = { a: value };
    value = { x: value, a: value };
    const before = process.cpuUsage();
    expect(validator.validate(value)).toMatchObject({
      problems: [{ message: expect.stringContaining('too much work') as unknown }],
    });
    expect(processorMsSince(before)).toBeLessThan(3_000);
  });

  it('counts a step under "definitions" too', () => {
    const definitions: Record<string, unknown> = { N30: { type: 'integer' } };
    for (let level = 0; level < 30; level += 1) {
      const next = { $ref: `#/definitions/N${level + 1}` };
      definitions[`N${level}`] = { allOf: [{ anyOf: [next, next] }] };
    }
    expect(
      validatorOf({ a: { $ref: '#/definitions/N0' } }, { definitions }).validate({ a: 'x' }),
    ).toMatchObject({
      problems: [{ message: expect.stringContaining('too much work') as unknown }],
    });
  });
});
