import { ArgumentValidator } from './argument-validator.js';

function problemsOf(schema: Record<string, unknown>, args: unknown): readonly unknown[] {
  const result = new ArgumentValidator({ input: { type: 'object', ...schema } }).validate(args);
  return result.ok ? [] : result.problems;
}

const one = (schema: unknown, value: unknown) => problemsOf({ properties: { a: schema } }, { a: value });

describe('a problem explains how to correct', () => {
  it('a name that none of the parts of the schema declares', () => {
    const composed = {
      allOf: [{ properties: { street: { type: 'string' } } }, { $ref: '#/$defs/city' }],
      unevaluatedProperties: false,
      $defs: { city: { properties: { city: { type: 'string' } } } },
    };
    expect(problemsOf(composed, { stret: 'x' })).toEqual([
      {
        pointer: '/stret',
        message: 'is not a known name here; did you mean "street"?',
        expected: 'one of "city", "street"',
      },
    ]);
  });

  it('a name if names must match a pattern, or if no name is allowed', () => {
    const labels = { patternProperties: { '^x-': {} }, additionalProperties: false };
    expect(one(labels, { y: 1 })).toMatchObject([{ expected: 'names that match "^x-"' }]);
    expect(one({ properties: { b: false }, additionalProperties: false }, { c: 1 })).toMatchObject([
      { expected: 'no members' },
    ]);
  });

  it('an object of another type than required', () => {
    expect(one({ const: { x: 1 } }, { x: 2 })).toEqual([
      { pointer: '/a', message: 'must be {"x":1}', given: '{"x":2}' },
    ]);
    expect(one({ enum: [{ x: 1 }, [2], null] }, 3)).toEqual([
      {
        pointer: '/a',
        message: 'must be one of the allowed values',
        expected: 'one of {"x":1}, [2], null',
        given: '3',
      },
    ]);
  });

  it('large objects, which it names by their type', () => {
    const big = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`n${index}`, index]));
    expect(one({ const: { x: 'y'.repeat(200) } }, big)).toEqual([
      { pointer: '/a', message: 'must be object', given: 'object' },
    ]);
  });

  it('an argument that is required because of another one', () => {
    const schema = { properties: { a: {}, b: { type: 'string' } }, dependentRequired: { a: ['b'] } };
    expect(problemsOf(schema, { a: 1 })).toEqual([
      { pointer: '/b', message: 'is required where "a" is given, and missing', expected: 'string' },
    ]);
  });

  it.each([
    [{ type: 'string' }, 's', 'must not be of type string'],
    [{ type: ['string', 'null'] }, 's', 'must not be of type string or null'],
    [{ const: 'x' }, 'x', 'must not be "x"'],
    [{ enum: ['x', 1] }, 1, 'must not be one of "x", 1'],
    [{ pattern: '^x' }, 'x', 'must not match the pattern ^x'],
    [{ format: 'email' }, 'a@b.test', 'must not be a valid email'],
    [{ required: ['x', 'y'] }, { x: 1, y: 2 }, 'must not have "x" together with "y"'],
    [{ type: 'number', minimum: 3 }, 4, 'must not fit the schema {"type":"number","minimum":3}'],
    [{ anyOf: [{ type: 'string' }] }, 's', 'must not fit the schema {"anyOf":[{"type":"string"}]}'],
    [{}, 1, 'must not fit the schema {}'],
  ])('a value that %j rules out', (not, value, message) => {
    expect(one({ not }, value)).toMatchObject([{ pointer: '/a', message }]);
  });

  it('an argument that is not allowed at all', () => {
    expect(one(false, 1)).toEqual([{ pointer: '/a', message: 'must not be given' }]);
  });
});
