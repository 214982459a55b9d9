import { ArgumentValidator } from '@action-mesh/tools';

import { documentWithBody, importSample, sampleDocument } from '../sample-document.fake.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const hiding = { type: 'object', properties: { id: { type: 'string', readOnly: true } } };
const asking = { type: 'object', required: ['id', 'name'], properties: { name: { type: 'string' } } };

/** The definitions of an input with a list of `D`, after it took `{ name }` without its read-only members. */
function definitions(schemas: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const body = { type: 'object', properties: { items: { type: 'array', items: ref('D') } } };
  const [tool] = importSample(documentWithBody(body, { components: { schemas } })).tools;
  if (tool === undefined) throw new Error('no tool');
  const validator = new ArgumentValidator(tool);
  expect(validator.validate({ items: [{ name: 'x' }] })).toMatchObject({ ok: true });
  expect(validator.validate({ items: [{}] })).toMatchObject({ ok: false });
  return tool.input['$defs'] as Record<string, unknown>;
}

describe('a read-only member', () => {
  it('is not required by a schema that inherits it', () => {
    const found = definitions({ B: hiding, D: { allOf: [ref('B'), asking] } });
    expect(found['D']).toMatchObject({ allOf: [{ $ref: '#/$defs/B' }, { required: ['name'] }] });
  });

  it('is not required by the inherited schema, which stays unchanged elsewhere', () => {
    const found = definitions({
      R: asking,
      B: hiding,
      D: { allOf: [ref('R'), ref('B'), { properties: { other: ref('R') } }] },
    });
    expect(found['R']).toMatchObject({ required: ['id', 'name'] });
    const [other = ''] = Object.keys(found).filter((name) => name.startsWith('schemas_R_'));
    expect(found[other]).toMatchObject({ required: ['name'] });
  });

  it('is not required over several steps, nor beside the parts', () => {
    definitions({
      Root: hiding,
      B: { allOf: [ref('Root')] },
      R: { allOf: [ref('R2')] },
      R2: { allOf: [asking] },
      D: { required: ['id'], allOf: [ref('B'), ref('R')] },
    });
  });

  it('is found in parts that form cycles', () => {
    definitions({
      B: { ...hiding, allOf: [{ properties: { parent: ref('D') } }] },
      D: { allOf: [ref('B'), asking] },
    });
  });
});

describe('a write-only member', () => {
  it('is not required of answers by a schema that inherits it', () => {
    const schemas = {
      B: { type: 'object', properties: { id: { type: 'string', writeOnly: true } } },
      D: { allOf: [ref('B'), asking] },
    };
    const responses = { 200: { content: { 'application/json': { schema: ref('D') } } } };
    const { tools } = importSample(
      sampleDocument({ '/a': { get: { responses } } }, { components: { schemas } }),
    );
    expect(tools[0]?.output?.['$defs']).toMatchObject({ D: { allOf: [{}, { required: ['name'] }] } });
  });
});

describe('a read-only member in alternatives and conditions', () => {
  const properties = { id: { type: 'string', readOnly: true }, name: { type: 'string' } };
  const id = { required: ['id'] };
  const both = { required: ['id', 'name'] };
  const name = { required: ['name'] };
  const convertedBody = (schema: object, schemas: object = {}) => {
    const openapi = '3.1.0';
    const { tools, first } = importSample(documentWithBody(schema, { openapi, components: { schemas } }));
    const [tool] = tools;
    if (tool === undefined) throw new Error('no tool');
    const { body } = tool.input['properties'] as { body: object };
    const definitions = tool.input['$defs'] as Record<string, unknown> | undefined;
    return { tool, body, definitions, codes: first.warnings.map(({ code }) => code) };
  };
  const left = { type: 'object', properties: { name: { type: 'string' } } };

  it.each([
    ['anyOf', { anyOf: [id, name] }, { anyOf: [{}, name] }, []],
    ['then and else', { if: name, then: id, else: both }, { if: name, then: {}, else: name }, []],
    ['dependentRequired', { dependentRequired: { name: ['id'] } }, {}, []],
    [
      'dependentRequired with others',
      { dependentRequired: { name: ['id', 'x'], x: ['id'] } },
      { dependentRequired: { name: ['x'] } },
      [],
    ],
    ['dependentSchemas', { dependentSchemas: { name: both } }, { dependentSchemas: { name } }, []],
    [
      'parts of alternatives',
      { anyOf: [{ allOf: [{ oneOf: [both] }] }] },
      { anyOf: [{ allOf: [{ oneOf: [name] }] }] },
      [],
    ],
    ['not, which rules out less so', { not: both }, { not: both }, []],
    [
      'oneOf, of which more than one may fit',
      { oneOf: [id, name] },
      { anyOf: [{}, name] },
      ['composition_relaxed'],
    ],
    ['if, which nobody can judge then', { if: id, then: name }, {}, ['composition_relaxed']],
    [
      'another object',
      { properties: { ...properties, o: { anyOf: [id] } } },
      { properties: { ...left.properties, o: { anyOf: [id] } } },
      [],
    ],
  ])('is not required by %s', (_, schema, expected, codes) => {
    const found = convertedBody({ type: 'object', properties, minProperties: 0, ...schema });
    expect(found.body).toEqual({ ...left, minProperties: 0, ...expected });
    expect(found.codes).toEqual(codes);
  });

  it('is not required beside alternatives that hide it, through references and parts', () => {
    const alternative = (kind: string) => ({
      allOf: [{ properties: { kind: { enum: [kind] }, name: { type: 'string' } } }, ref('Base')],
      required: ['kind'],
    });
    const schemas = {
      A: alternative('A'),
      B: alternative('B'),
      Base: { properties: { id: { type: 'string', readOnly: true } } },
    };
    for (const keyword of ['oneOf', 'anyOf']) {
      const schema = { type: 'object', required: ['id', 'name'], [keyword]: [ref('A'), ref('B')] };
      const { body, tool } = convertedBody(schema, schemas);
      expect(body).toMatchObject({ required: ['name'] });
      const validator = new ArgumentValidator(tool);
      expect(validator.validate({ body: { kind: 'A', name: 'x' } })).toEqual({ ok: true });
      const nested = convertedBody(
        { allOf: [{ required: ['id'] }], [keyword]: [ref('A'), ref('B')] },
        schemas,
      );
      expect(new ArgumentValidator(nested.tool).validate({ body: { kind: 'B' } })).toEqual({ ok: true });
    }
  });

  it('is required by an alternative that does not hide it', () => {
    const writable = { properties: { id: { type: 'string' } }, required: ['id'] };
    const { body } = convertedBody({ anyOf: [{ properties }, writable] });
    expect(body).toEqual({ anyOf: [{ properties: left.properties }, writable] });
  });

  it('is not required by an alternative from elsewhere, which stays unchanged there', () => {
    const schemas = { A: { anyOf: [both, { dependentRequired: { name: ['id'] } }] } };
    const schema = { type: 'object', properties: { ...properties, other: ref('A') }, oneOf: [ref('A')] };
    const { tool, definitions } = convertedBody(schema, schemas);
    expect(definitions?.['A']).toEqual(schemas.A);
    const validator = new ArgumentValidator(tool);
    expect(validator.validate({ body: { name: 'x' } })).toMatchObject({ ok: true });
    expect(validator.validate({ body: { name: 'x', other: { name: 'x' } } })).toMatchObject({ ok: false });
  });
});
