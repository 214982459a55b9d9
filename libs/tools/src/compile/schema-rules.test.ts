import { inputSchemaProblems } from './input-schema.js';
import { ProblemList } from './problem-list.js';
import { checkSchema } from './schema-rules.js';

const hanging = { type: 'string', pattern: '^(a+)+(?=b)$' };

function problems(schema: Record<string, unknown>): readonly string[] {
  return inputSchemaProblems({ type: 'object', ...schema }).map(
    ({ pointer, message }) => `${pointer} ${message}`,
  );
}

describe('a place for schemas', () => {
  it.each([
    ['definitions', { definitions: { x: hanging } }, '/input/definitions/x/pattern'],
    [
      'dependencies',
      { dependencies: { a: { properties: { x: hanging } } } },
      '/input/dependencies/a/properties/x/pattern',
    ],
    ['$defs', { $defs: { x: hanging } }, '/input/$defs/x/pattern'],
  ])('is checked in "%s"', (_, schema, pointer) => {
    expect(problems(schema)).toEqual([
      expect.stringMatching(`^${pointer.replaceAll('$', '\\$')} must not repeat`),
    ]);
  });
});

describe('a reference', () => {
  const to = ($ref: string, more: Record<string, unknown> = {}) =>
    problems({ properties: { a: { $ref } }, ...more });

  it.each([
    ['#', {}],
    ['#/$defs/x', { $defs: { x: {} } }],
    ['#/$defs/a~1b', { $defs: { 'a/b': {} } }],
    ['#/$defs/a%20b', { $defs: { 'a b': {} } }],
    ['#/definitions/x', { definitions: { x: {} } }],
    ['#/$defs/x/properties/y', { $defs: { x: { properties: { y: {} } } } }],
    ['#/$defs/x/anyOf/1', { $defs: { x: { anyOf: [{}, {}] } } }],
    ['#/$defs/x', { $defs: { x: true } }],
  ])('may lead to %s', ($ref, more) => {
    expect(to($ref, more)).toEqual([]);
  });

  it.each([
    ['#/default/x', { default: { x: hanging } }],
    ['#/$defs/x/const', { $defs: { x: { const: hanging } } }],
    ['#/examples/0', { examples: [hanging] }],
    ['#/$defs', { $defs: { properties: { x: hanging } } }],
  ])('may not lead to %s, which no rule checks', ($ref, more) => {
    expect(to($ref, more)).toEqual([
      '/input/properties/a/$ref must lead to a place for schemas ("#/$defs/…")',
    ]);
  });

  it.each(['', '00', '01', '0x0', '1e0', '+1', '-', '2'])('leads nowhere with the index "%s"', (index) => {
    expect(to(`#/$defs/x/anyOf/${index}`, { $defs: { x: { anyOf: [{}, {}] } } })).toEqual([
      '/input/properties/a/$ref leads nowhere',
    ]);
  });

  it('may not lead to another member of an object that holds schemas', () => {
    const shared = { type: 'string' };
    expect(to('#/default/x', { default: { x: shared }, $defs: { x: shared } })).toHaveLength(1);
  });

  it('of an older dialect that ajv still follows is refused', () => {
    expect(problems({ allOf: [{ $recursiveRef: '#' }] })).toEqual([
      '/input/allOf/0/$recursiveRef is not supported in a tool',
    ]);
  });
});

describe('schemas for the same value', () => {
  const circle = 'must not refer to itself for the same value: the check would never end';

  function chain(length: number): Record<string, unknown> {
    const $defs: Record<string, unknown> = { [`S${length}`]: { type: 'string' } };
    for (let index = 0; index < length; index += 1) $defs[`S${index}`] = { $ref: `#/$defs/S${index + 1}` };
    return { $ref: '#/$defs/S0', $defs };
  }

  function found(schema: Record<string, unknown>): readonly string[] {
    const list = new ProblemList();
    checkSchema(schema, '', list);
    return list.all.map(({ message }) => message);
  }

  it.each([201, 4_000])('are refused if one leads to the next %i times', (length) => {
    expect(found(chain(length))).toEqual(['must not lead through more than 200 schemas for the same value']);
  });

  it('may be many if no chain is long', () => {
    expect(found(chain(150))).toEqual([]);
    const parts = Array.from({ length: 4_000 }, () => ({ $ref: '#/$defs/x' }));
    expect(found({ allOf: parts, $defs: { x: {} } })).toEqual([]);
  });

  it.each([
    [{ allOf: [{ $ref: '#' }] }],
    [{ $defs: { a: { $ref: '#/$defs/b' }, b: { not: { $ref: '#/$defs/a' } } } }],
    [{ $defs: { a: { dependencies: { x: { $ref: '#/$defs/a' } } } } }],
    [
      {
        allOf: [{ $ref: '#/$defs/b' }, { $ref: '#/$defs/a' }],
        $defs: { a: { $ref: '#/$defs/b' }, b: { if: { $ref: '#/$defs/a' } } },
      },
    ],
  ])('are refused in a cycle, as in %j', (schema) => {
    expect(found(schema)).toEqual([circle]);
  });

  it('may meet again without a cycle', () => {
    const b = { $ref: '#/$defs/b' };
    expect(found({ allOf: [b, { $ref: '#/$defs/a' }, b], $defs: { a: { anyOf: [b, b] }, b: {} } })).toEqual(
      [],
    );
  });
});

describe('a listed value', () => {
  it.each([
    { type: 'string', enum: ['a', 1] },
    { type: 'string', enum: [true] },
    { type: 'integer', enum: ['1'] },
    { type: 'integer', enum: [1.5] },
    { type: ['boolean', 'null'], enum: ['true', null] },
    { type: 'string', enum: ['a', null] },
    { type: 'array', enum: ['a'] },
  ])('of another type than the declared one is refused: %j', (a) => {
    expect(problems({ properties: { a } })).toEqual([
      '/input/properties/a/enum must hold values of the declared type alone',
    ]);
  });

  it('is refused as a constant too', () => {
    expect(problems({ properties: { a: { type: 'string', const: 1 } } })).toEqual([
      '/input/properties/a/const must be a value of the declared type',
    ]);
  });

  it.each([
    { enum: ['a', 1, null] },
    { type: ['string', 'null'], enum: ['a', null] },
    { type: 'number', enum: [1, 1.5] },
    { type: 'integer', enum: [1, 2.0] },
    { type: 'object', const: {} },
  ])('of a declared type is accepted: %j', (a) => {
    expect(problems({ properties: { a } })).toEqual([]);
  });
});
