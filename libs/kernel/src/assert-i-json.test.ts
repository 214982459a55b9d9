import { runInNewContext } from 'node:vm';
import { IJsonError } from './i-json.errors.js';
import { assertIJson } from './i-json.js';
import type { JsonLimits } from './i-json.js';

function refusalOf(value: unknown, limits?: JsonLimits): object {
  try {
    assertIJson(value, limits);
  } catch (error) {
    if (error instanceof IJsonError) return { code: error.code, pointer: error.pointer };
    throw error;
  }
  throw new Error('the value was accepted');
}

describe('assertIJson accepts', () => {
  it.each([
    null,
    true,
    -0,
    1.5,
    Number.MAX_SAFE_INTEGER,
    '',
    '😀',
    [[]],
    { a: [{ b: null }] },
    { constructor: 1 },
    Object.assign(Object.create(null), { a: 1 }) as unknown,
  ])('%j', (value) => {
    expect(() => assertIJson(value)).not.toThrow();
  });

  it('an object that was made in another realm', () => {
    expect(() => assertIJson(runInNewContext('({ a: [{}] })'))).not.toThrow();
  });

  it('the same object in two places, which is no cycle', () => {
    const shared = { a: 1 };
    expect(() => assertIJson([shared, shared])).not.toThrow();
  });
});

describe('assertIJson refuses', () => {
  const holes: unknown[] = [1];
  holes.length = 3;

  it.each<[string, unknown, string, string]>([
    ['undefined', undefined, 'IJSON_NOT_JSON', ''],
    ['an undefined member', { a: [{ b: undefined }] }, 'IJSON_NOT_JSON', '/a/0/b'],
    ['a hole in an array', holes, 'IJSON_NOT_JSON', '/1'],
    ['a function', [() => 1], 'IJSON_NOT_JSON', '/0'],
    ['a method named toJSON', { toJSON: () => 1 }, 'IJSON_NOT_JSON', '/toJSON'],
    ['a symbol', [Symbol('a')], 'IJSON_NOT_JSON', '/0'],
    ['a member named by a symbol', { a: { [Symbol('b')]: 1 } }, 'IJSON_NOT_JSON', '/a'],
    ['a bigint', { a: 1n }, 'IJSON_NOT_JSON', '/a'],
    ['NaN', [Number.NaN], 'IJSON_NOT_JSON', '/0'],
    ['infinity', [-Infinity], 'IJSON_NOT_JSON', '/0'],
    ['a date', { at: new Date(0) }, 'IJSON_NOT_JSON', '/at'],
    ['an instance of a class', { a: new (class Point {})() }, 'IJSON_NOT_JSON', '/a'],
    ['a map', new Map(), 'IJSON_NOT_JSON', ''],
    ['bytes', { a: new Uint8Array(1) }, 'IJSON_NOT_JSON', '/a'],
    ['a boxed string', [Object('a')], 'IJSON_NOT_JSON', '/0'],
    ['a number beyond 2^53-1', [2 ** 53], 'IJSON_NUMBER_RANGE', '/0'],
    ['a lone surrogate', { 'a/b': '\ud800' }, 'IJSON_LONE_SURROGATE', '/a~1b'],
    ['a lone surrogate in a name', { '\udc00': 1 }, 'IJSON_LONE_SURROGATE', '/\ufffd'],
    ['a noncharacter', ['\uffff'], 'IJSON_NONCHARACTER', '/0'],
    ['a member named __proto__', JSON.parse('{"a":{"__proto__":1}}'), 'IJSON_FORBIDDEN_NAME', '/a/__proto__'],
  ])('%s', (_, value, code, pointer) => {
    expect(refusalOf(value)).toStrictEqual({ code, pointer });
  });

  it('a cycle, as nesting that is too deep', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(refusalOf(cycle)).toStrictEqual({ code: 'IJSON_TOO_DEEP', pointer: '/self'.repeat(32) });
  });

  it('a value with a text that cannot be within the limit', () => {
    expect(refusalOf({ a: 'x'.repeat(100) }, { maxBytes: 100 })).toMatchObject({ code: 'IJSON_TOO_LARGE' });
  });

  it('a value that is small in memory and endless as text', () => {
    let doubling: unknown = 0;
    for (let depth = 0; depth < 31; depth += 1) doubling = [doubling, doubling];
    expect(refusalOf(doubling)).toMatchObject({ code: 'IJSON_TOO_LARGE' });
  });
});
