import { documentWithBody, importSample } from '../sample-document.fake.js';

/** The converted schema of a body's member. */
function converted(schema: unknown, schemas: object = {}) {
  const body = { type: 'object', properties: { a: schema } };
  const { tools, first } = importSample(
    documentWithBody(body, { openapi: '3.1.0', components: { schemas } }),
  );
  const input = tools[0]?.input as
    | { properties: { a: unknown }; $defs?: Record<string, unknown> }
    | undefined;
  return {
    a: input?.properties.a,
    definitions: input?.$defs,
    isRelaxed: first.warnings.some(({ code }) => code === 'composition_relaxed'),
  };
}

const lost = { type: 'string', pattern: '^(?!u_)[a-z]+$' };
const kept = { type: 'string', pattern: '^u_' };
const open = { type: 'string' };

describe('a schema with a left-out part below it', () => {
  it.each([
    ['not', { type: 'string', not: { pattern: '^(?=admin)' } }, { type: 'string' }],
    ['not', { type: 'string', not: { format: 'phone' } }, { type: 'string' }],
    ['not', { not: { properties: { b: { items: lost } } } }, {}],
    ['not', { not: { enum: Array.from({ length: 1_001 }, (_, at) => at) } }, {}],
    ['not', { not: { minLenght: 3 } }, {}],
    ['if', { if: lost, then: { maxLength: 1 }, else: { maxLength: 2 }, minLength: 1 }, { minLength: 1 }],
    ['oneOf', { oneOf: [lost, kept] }, { anyOf: [open, kept] }],
    [
      'oneOf beside anyOf',
      { anyOf: [kept], allOf: [open], oneOf: [lost, kept] },
      { anyOf: [kept], allOf: [open, { anyOf: [open, kept] }] },
    ],
    ['contains', { contains: lost, maxContains: 1 }, { contains: open }],
  ])('relaxes a %s', (_, schema, expected) => {
    expect(converted(schema)).toMatchObject({ a: expected, isRelaxed: true });
    expect(converted(schema).a).toEqual(expected);
  });

  it.each([
    [{ not: kept }],
    [{ if: kept, then: { maxLength: 1 } }],
    [{ if: kept, then: lost, else: open }],
    [{ anyOf: [lost, kept] }],
    [{ allOf: [lost, kept] }],
  ])('keeps a keyword that does not depend on the part: %j', (schema) => {
    const plain = JSON.parse(JSON.stringify(schema).replaceAll(`,"pattern":"${lost.pattern}"`, '')) as object;
    expect(converted(schema)).toEqual({ a: plain, definitions: undefined, isRelaxed: false });
  });

  it('relaxes a keyword that depends on the part through references, in any place', () => {
    const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    const { a, definitions, isRelaxed } = converted(
      { properties: { x: reference('Union') }, not: reference('Middle') },
      {
        Union: { oneOf: [reference('Middle'), reference('Kept')] },
        Middle: { properties: { b: reference('Lost') } },
        Lost: lost,
        Kept: kept,
        Alone: { not: kept },
      },
    );
    expect(a).toEqual({ properties: { x: { $ref: '#/$defs/Union' } } });
    expect(definitions?.['Union']).toEqual({ anyOf: [{ $ref: '#/$defs/Middle' }, { $ref: '#/$defs/Kept' }] });
    expect(isRelaxed).toBe(true);
  });

  it('keeps a keyword over complete definitions', () => {
    const { a, isRelaxed } = converted(
      {
        properties: { x: { $ref: '#/components/schemas/Lost' } },
        not: { $ref: '#/components/schemas/Kept' },
      },
      { Lost: lost, Kept: kept },
    );
    expect(a).toMatchObject({ not: { $ref: '#/$defs/Kept' } });
    expect(isRelaxed).toBe(false);
  });
});
