import { ArgumentValidator } from '@action-mesh/tools';

import { documentWithBody, importSample, sampleDocument } from '../sample-document.fake.js';

const base = (discriminator: object = {}) => ({
  type: 'object',
  discriminator: { propertyName: 'kind', ...discriminator },
  required: ['kind'],
  properties: { kind: { type: 'string' } },
});
const extended = (name: string) => ({
  allOf: [
    { $ref: '#/components/schemas/Pet' },
    { type: 'object', properties: { [name]: { type: 'string' } } },
  ],
});
const imported = (schemas: object, schema: object = { $ref: '#/components/schemas/Pet' }) => {
  const [tool] = importSample(documentWithBody(schema, { components: { schemas } })).tools;
  if (tool === undefined) throw new Error('no tool');
  return tool;
};

describe('a body with a discriminator', () => {
  it('is one argument, with the subtypes that extend it as alternatives', () => {
    const tool = imported({ Pet: base(), Cat: extended('hunts'), Dog: extended('barks'), Other: {} });
    expect(tool.http.body).toEqual({ encoding: 'json', argument: 'body' });
    const names = ['Cat', 'Dog', 'Pet'];
    expect(tool.input['properties']).toEqual({
      body: { anyOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) },
    });
    const body = { kind: 'Cat', hunts: 'mice' };
    expect(new ArgumentValidator(tool).validate({ body }).ok).toBe(true);
  });

  it('knows the subtypes that its mapping names, by name and by reference', () => {
    const mapping = { cat: 'Cat', dog: '#/components/schemas/Dog', lost: '#/nowhere', self: 'Pet' };
    const tool = imported({
      Pet: base({ mapping }),
      Cat: { type: 'object', properties: { kind: {}, hunts: {} } },
      Dog: { type: 'object', properties: { kind: {}, barks: {} } },
    });
    const definitions = tool.input['$defs'] as object;
    expect(Object.keys(definitions)).toEqual(['Cat', 'Dog', 'Pet']);
  });

  it('with more subtypes than the bound is not closed, and takes little time', () => {
    const many = Array.from({ length: 30_000 }, (_, at) => [`S${at}`, extended('x')] as const);
    const post = {
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
    };
    const paths = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`/a${at}`, { post }]));
    const before = process.cpuUsage();
    const { tools } = importSample(
      sampleDocument(paths, { components: { schemas: { Pet: base(), ...Object.fromEntries(many) } } }),
    );
    // Measures processor time, because other work on the machine would distort a clock.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(15);
    expect(tools[0]?.input['properties']).toEqual({ body: { $ref: '#/$defs/Pet' } });
  });

  it('without subtypes is not closed', () => {
    const tool = imported({ Pet: base() });
    expect(new ArgumentValidator(tool).validate({ body: { kind: 'x', more: 1 } }).ok).toBe(true);
  });

  it('of the base type is hoisted like any other object', () => {
    const tool = imported({ Pet: base(), Cat: extended('hunts') }, { $ref: '#/components/schemas/Cat' });
    expect(tool.input).toMatchObject({ properties: { kind: {}, hunts: {} }, required: ['kind'] });
  });
});
