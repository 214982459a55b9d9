import { OpenApiDocument } from '../document/openapi-document.js';
import { importSample, sampleDocument } from '../sample-document.fake.js';
import { withoutNull } from './without-null.js';

/** The converted schema of an optional parameter in a query. */
function parameter(schema: unknown, openapi: string, schemas: object = {}) {
  const parameters = [{ name: 'q', in: 'query', schema }];
  const { tools } = importSample(
    sampleDocument({ '/things': { get: { parameters } } }, { openapi, components: { schemas } }),
  );
  const input = tools[0]?.input as { properties: { q: unknown }; $defs?: object } | undefined;
  return [input?.properties.q, ...Object.keys(input?.$defs ?? {})];
}

const N = { $ref: '#/components/schemas/N' };
const P = { $ref: '#/components/schemas/P' };

describe('null in a parameter', () => {
  it.each([
    [
      { anyOf: [{ type: 'string' }, { type: 'null' }], title: 'Q' },
      { title: 'Q', type: 'string' },
    ],
    [
      { oneOf: [{ type: 'string', title: 'S' }, { type: 'null' }], title: 'Q' },
      { title: 'Q', type: 'string' },
    ],
    [
      { anyOf: [{ type: 'string' }, { type: 'integer' }, { const: null }] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    ],
    [
      { maxLength: 3, anyOf: [{ type: 'string', maxLength: 9 }, { enum: [null] }] },
      { maxLength: 3, allOf: [{ type: 'string', maxLength: 9 }] },
    ],
    [
      { ...N, maxLength: 3 },
      { type: 'string', maxLength: 3 },
    ],
    [{ ...P, type: ['string', 'null'] }, { $ref: '#/$defs/P', type: 'string' }, 'P'],
    [{ anyOf: [P, { type: 'null' }] }, { $ref: '#/$defs/P' }, 'P'],
    [
      { type: 'array', items: { type: ['string', 'null'] } },
      { type: 'array', items: { type: 'string' } },
    ],
    [{ type: 'null' }, { type: 'null' }],
  ])('of 3.1 is removed: %j', (schema, expected, ...definitions) => {
    const schemas = { N: { type: ['string', 'null'] }, P: { type: 'string' } };
    expect(parameter(schema, '3.1.0', schemas)).toEqual([expected, ...definitions]);
  });

  it.each([
    [N, { type: 'string', enum: ['a'] }],
    [{ oneOf: [N] }, { type: 'string', enum: ['a'] }],
    [{ nullable: true, allOf: [N] }, { allOf: [{ type: 'string', enum: ['a'] }] }],
    [{ ...P, nullable: true }, { $ref: '#/$defs/P' }, 'P'],
    [{ nullable: true, allOf: [P] }, { allOf: [{ $ref: '#/$defs/P' }] }, 'P'],
    [P, { $ref: '#/$defs/P' }, 'P'],
  ])('of 3.0 is removed: %j', (schema, expected, ...definitions) => {
    const schemas = { N: { type: 'string', nullable: true, enum: ['a', null] }, P: { type: 'string' } };
    expect(parameter(schema, '3.0.3', schemas)).toEqual([expected, ...definitions]);
  });

  const text = { type: 'string' };
  it.each([
    [{ additionalProperties: false }, { type: 'object', properties: { a: text } }],
    [{ properties: { a: text } }, { additionalProperties: text }],
    [{ items: text }, { type: 'array', prefixItems: [text] }],
    [{ maxContains: 2 }, { contains: text }],
    [{ contains: text }, { minContains: 0 }],
    [{ then: { maxLength: 1 } }, { if: { minLength: 1 } }],
    [{ allOf: [{ properties: { a: text } }] }, { unevaluatedProperties: false }],
  ])('keeps a rule in its place if it depends on its neighbours: %j beside %j', (outer, left) => {
    const rules = { title: 'Q', maxProperties: 9, ...outer };
    const { allOf = [], ...rest } = rules as { allOf?: readonly object[] };
    const document = new OpenApiDocument(sampleDocument({}, { openapi: '3.1.0' }));
    const found = withoutNull(document, { ...rules, anyOf: [left, { type: 'null' }] });
    expect(found).toEqual({ ...rest, allOf: [...allOf, left] });
  });

  it('keeps the meaning of a 3.0 bound for its neighbour', () => {
    const schema = { minimum: 3, oneOf: [{ type: 'integer', exclusiveMinimum: true }, { enum: [null] }] };
    expect(parameter(schema, '3.0.3')).toEqual([{ minimum: 3, allOf: [{ type: 'integer' }] }]);
  });

  it('is searched for in bounded work', () => {
    const next = (level: number) => ({ $ref: `#/components/schemas/L${level}` });
    const schemas = Object.fromEntries(
      Array.from({ length: 20 }, (_, level) => [
        `L${level}`,
        { allOf: Array.from({ length: 20 }, () => next((level + 1) % 20)) },
      ]),
    );
    const before = process.cpuUsage();
    parameter(next(0), '3.1.0', schemas);
    // Measures processor time, because other work on the machine would distort a clock.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(4);
  });
});
