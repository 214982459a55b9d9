import { geminiForm } from './gemini-form.js';
import type { SchemaNode } from './schema-node.js';

/** The form of one property of a tool, and the left-out rules. */
function formOf(a: unknown, more: SchemaNode = {}) {
  const { schema, relaxed } = geminiForm({ type: 'object', properties: { a }, ...more });
  return {
    schema: (schema['properties'] as SchemaNode)['a'],
    relaxed: relaxed.map(({ pointer, what }) => `${pointer} ${what}`),
  };
}

describe('the form for Gemini (V3)', () => {
  it.each<[string, SchemaNode, SchemaNode]>([
    ['a list', { enum: ['a', null] }, { anyOf: [{ enum: ['a'] }, { type: 'null' }] }],
    [
      'a list and a type',
      { type: ['string', 'null'], description: 'Which.', enum: ['a', null] },
      { description: 'Which.', anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
    ],
    ['a list, and its type does not', { type: 'string', enum: ['a', null] }, { type: 'string', enum: ['a'] }],
    ['the only value', { const: null }, { type: 'null' }],
  ])('accepts null for the same values as the tool: %s allows it', (_, given, written) => {
    expect(formOf(given)).toEqual({ schema: written, relaxed: [] });
  });

  it('drops the listed values that are neither texts nor numbers', () => {
    expect(formOf({ enum: ['a', true] })).toEqual({ schema: {}, relaxed: ['/properties/a enum'] });
    expect(formOf({ const: true })).toEqual({ schema: {}, relaxed: ['/properties/a const'] });
    expect(formOf({ enum: ['a', null], anyOf: [{ type: 'string' }] })).toEqual({
      schema: { anyOf: [{ type: 'string' }] },
      relaxed: ['/properties/a enum'],
    });
  });

  it('is open if a pattern lets names in', () => {
    const open = { type: 'object', additionalProperties: false, patternProperties: { '^x-': {} } };
    expect(formOf(open)).toEqual({
      schema: { type: 'object' },
      relaxed: ['/properties/a additionalProperties', '/properties/a patternProperties'],
    });
  });

  it('lets several alternatives fit, because the rules that separated them are left out', () => {
    expect(formOf({ oneOf: [{ maxLength: 1 }, { minLength: 2 }] })).toMatchObject({
      schema: { anyOf: [{}, {}] },
      relaxed: ['/properties/a oneOf', '/properties/a/oneOf/0 maxLength', '/properties/a/oneOf/1 minLength'],
    });
    expect(formOf({ anyOf: [{}], oneOf: [{}] })).toEqual({
      schema: { anyOf: [{}] },
      relaxed: ['/properties/a oneOf'],
    });
  });

  it('has no alternatives that only require names', () => {
    const file = { type: 'object', properties: { url: {}, text: {} } };
    expect(formOf({ ...file, oneOf: [{ required: ['url'] }, { required: ['text'] }] })).toEqual({
      schema: file,
      relaxed: ['/properties/a oneOf'],
    });
  });

  it('keeps a reference that may be null or has words beside it', () => {
    const reference = { $ref: '#/$defs/d' };
    const more = { $defs: { d: { type: 'object', properties: { b: { type: 'string' } } } } };
    const described = { description: 'Who.', allOf: [reference] };
    expect(formOf(described, more)).toEqual({
      schema: { description: 'Who.', anyOf: [reference] },
      relaxed: [],
    });
    const nullable = { description: 'Who.', anyOf: [{ allOf: [reference] }, { type: 'null' }] };
    expect(formOf(nullable, more)).toEqual({
      schema: { description: 'Who.', anyOf: [{ anyOf: [reference] }, { type: 'null' }] },
      relaxed: [],
    });
    expect(formOf({ allOf: [reference, {}] }, more).relaxed).toEqual(['/properties/a allOf']);
    expect(formOf({ allOf: [reference], anyOf: [{}] }, more).relaxed).toEqual(['/properties/a allOf']);
  });

  it('leaves no reference into a left-out part', () => {
    const more = { allOf: [{ type: 'object' }, {}] };
    expect(formOf({ $ref: '#/allOf/0' }, more)).toEqual({
      schema: {},
      relaxed: [' allOf', '/properties/a $ref'],
    });
    expect(
      formOf({ $ref: '#/properties/b' }, { properties: { a: { $ref: '#/properties/b' }, b: {} } }),
    ).toEqual({
      schema: { $ref: '#/properties/b' },
      relaxed: [],
    });
  });

  it('treats a reference at the root as an alternative, which may stand beside a type', () => {
    const $defs = { d: { type: 'object' } };
    expect(geminiForm({ type: 'object', $ref: '#/$defs/d', $defs }).schema).toEqual({
      type: 'object',
      anyOf: [{ $ref: '#/$defs/d' }],
      $defs,
    });
  });

  it('requires only names that it describes, and reports the others', () => {
    expect(formOf({ required: ['b'] })).toEqual({
      schema: { required: [] },
      relaxed: ['/properties/a required'],
    });
  });

  it('leaves out the rules beside a reference, and drops annotations without a report', () => {
    const more = { $defs: { d: {} } };
    expect(formOf({ $ref: '#/$defs/d', description: 'A.', minLength: 1 }, more)).toEqual({
      schema: { $ref: '#/$defs/d' },
      relaxed: ['/properties/a minLength'],
    });
  });

  it('writes names in its pointers as JSON Pointer escapes them', () => {
    const { relaxed } = geminiForm({
      type: 'object',
      properties: { 'a/~': { not: {} } },
      $defs: { 'b/~': { not: {} } },
    });
    expect(relaxed.map(({ pointer }) => pointer)).toEqual(['/properties/a~1~0', '/$defs/b~1~0']);
  });
});
