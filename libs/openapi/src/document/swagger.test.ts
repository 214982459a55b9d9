import { defined } from '@action-mesh/kernel';
import { buildRequest } from '@action-mesh/tools';

import { importSample } from '../sample-document.fake.js';

describe('Swagger 2.0', () => {
  it('is converted: host, definitions, body and form parameters, collection formats', () => {
    const { tools, report } = importSample({
      swagger: '2.0',
      info: { title: 'Pets', version: '1' },
      host: 'pets.test',
      basePath: '/v2',
      schemes: ['https'],
      consumes: ['application/json'],
      produces: ['application/json'],
      paths: {
        '/pets': {
          post: {
            operationId: 'addPet',
            parameters: [{ in: 'body', name: 'pet', required: true, schema: { $ref: '#/definitions/Pet' } }],
            responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/Pet' } } },
          },
          get: {
            operationId: 'listPets',
            parameters: [
              {
                in: 'query',
                name: 'tags',
                type: 'array',
                items: { type: 'string' },
                collectionFormat: 'pipes',
              },
            ],
          },
        },
        '/login': {
          post: {
            operationId: 'login',
            consumes: ['application/x-www-form-urlencoded'],
            parameters: [{ in: 'formData', name: 'user', type: 'string', required: true }],
          },
        },
      },
      definitions: { Pet: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
    });
    expect(report).toMatchObject({ format: '2.0', baseUrl: 'https://pets.test/v2' });
    const [add, list, login] = ['acme_add_pet', 'acme_list_pets', 'acme_login'].map((slug) =>
      tools.find((tool) => tool.slug === slug),
    );
    expect(add?.input).toMatchObject({ properties: { name: { type: 'string' } }, required: ['name'] });
    expect(add?.output).toMatchObject({ $ref: '#/$defs/Pet' });
    expect(list?.http.parameters).toEqual([{ argument: 'tags', in: 'query', name: 'tags', style: 'pipe' }]);
    expect(login?.http.body).toEqual({ encoding: 'form' });
    expect(login?.input).toMatchObject({ required: ['user'] });
  });
});

type Json = Readonly<Record<string, unknown>>;

const swagger = (paths: Json, more: Json = {}) =>
  importSample({
    swagger: '2.0',
    info: { title: 'Acme', version: '1' },
    host: 'acme.test',
    schemes: ['https'],
    paths,
    ...more,
  });
const list = { type: 'array', items: { type: 'string', enum: ['a', 'b'] } };
const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

describe('a form of Swagger', () => {
  const form = (parameters: readonly object[], operation: Json = {}, more: Json = {}) =>
    swagger({ '/a': { post: { parameters, ...operation } } }, more);

  it('keeps the details of its parameters', () => {
    const { tools } = form([
      { in: 'formData', name: 'tags', ...list, collectionFormat: 'multi', required: true },
      { in: 'formData', name: 'n', type: 'integer', minimum: 1, default: 2, description: 'How many.' },
    ]);
    expect(tools[0]?.input).toEqual({
      type: 'object',
      properties: {
        tags: list,
        n: { description: 'How many.', type: 'integer', default: 2, minimum: 1 },
      },
      required: ['tags'],
      additionalProperties: false,
    });
    expect(tools[0]?.warnings).toEqual([]);
  });

  it.each([
    ['no media type', undefined, 'imported'],
    ['both media types', ['multipart/form-data', 'application/x-www-form-urlencoded'], 'imported'],
    ['JSON', ['application/json'], 'imported'],
    ['multipart', ['multipart/form-data'], 'imported'],
  ])('without a file, with %s, is %s', (_, consumes, status) => {
    const { first } = form([{ in: 'formData', name: 'a', type: 'string' }], defined({ consumes }));
    expect(first.status).toBe(status);
  });

  it('with a file is multipart, and the file an argument', () => {
    const { first, tools } = form([{ in: 'formData', name: 'a', type: 'file' }]);
    expect([first.status, codes(first.reasons)]).toEqual(['imported', []]);
    expect(tools[0]?.http.body).toEqual({ encoding: 'multipart', files: { a: 'application/octet-stream' } });
  });

  it.each([
    ['csv', ['body_encoding']],
    ['tsv', ['body_encoding']],
    ['multi', []],
  ])('with a list joined as %s has the warnings %j', (collectionFormat, expected) => {
    const { first } = form([{ in: 'formData', name: 'tags', ...list, collectionFormat }]);
    expect(codes(first.warnings)).toEqual(expected);
  });

  it('is found if its parameters are shared or belong to the path', () => {
    const shared = { Name: { in: 'formData', name: 'name', type: 'string', required: true } };
    const { tools } = swagger(
      {
        '/a': {
          parameters: [{ in: 'formData', name: 'kind', type: 'string' }],
          post: { parameters: [{ $ref: '#/parameters/Name' }] },
        },
      },
      { parameters: shared },
    );
    expect(tools[0]?.input).toMatchObject({
      properties: { name: { type: 'string' }, kind: { type: 'string' } },
      required: ['name'],
    });
  });
});

describe('a list in a parameter of Swagger', () => {
  it.each([
    ['query', 'csv', '?q=a,b'],
    ['query', 'ssv', '?q=a%20b'],
    ['query', 'pipes', '?q=a%7Cb'],
    ['query', 'multi', '?q=a&q=b'],
    ['query', 'csv', '?q=a,b'],
    ['header', 'csv', ''],
  ])('of a %s is joined as "%s"', (place, collectionFormat, expected) => {
    const parameters = [{ in: place, name: 'q', required: true, ...list, collectionFormat }];
    const [tool] = swagger({ '/a': { get: { parameters } } }).tools;
    if (tool === undefined) throw new Error('no tool');
    const { url, headers } = buildRequest(tool, { q: ['a', 'b'] });
    expect(url).toBe(`https://acme.test/a${expected}`);
    if (place === 'header') expect(headers['q']).toBe('a,b');
  });

  it("is refused if a header cannot hold it in the document's format", () => {
    const parameters = [{ in: 'header', name: 'q', required: true, ...list, collectionFormat: 'tsv' }];
    expect(codes(swagger({ '/a': { get: { parameters } } }).first.reasons)).toEqual(['parameter_style']);
  });

  it('is left out with a warning if tabs join it, because the mesh does not write tabs', () => {
    const parameters = [{ in: 'query', name: 'q', ...list, collectionFormat: 'tsv' }];
    const { tools, first } = swagger({ '/a': { get: { parameters } } });
    expect(codes(first.warnings)).toEqual(['parameter_style']);
    expect(tools[0]?.http.parameters).toEqual([]);
  });
});

describe('the media types of Swagger', () => {
  it('of an operation go before those of the document', () => {
    const responses = { 200: { description: 'ok', schema: { type: 'string' } } };
    const { tools } = swagger(
      { '/a': { get: { produces: ['text/csv'], responses } }, '/b': { get: { responses } } },
      { produces: ['application/json'] },
    );
    expect(tools.map(({ http }) => http.headers)).toEqual([{ accept: 'text/csv' }, {}]);
  });
});

describe('the server of Swagger', () => {
  it.each([
    [['http', 'https'], {}, 'https://acme.test'],
    [undefined, {}, 'https://acme.test'],
    [undefined, { documentUrl: 'http://acme.test/swagger.json' }, 'http://acme.test'],
    [['http'], {}, 'http://acme.test'],
  ])('with the schemes %j and %j is %s', (schemes, options, expected) => {
    const source = { swagger: '2.0', host: 'acme.test', schemes, paths: { '/a': { get: {} } } };
    expect(importSample(JSON.parse(JSON.stringify(source)) as object, options).report.baseUrl).toBe(expected);
  });
});

describe('Swagger in YAML', () => {
  it('may share one parameter among several operations by an alias', () => {
    const { tools } = importSample(`
swagger: '2.0'
host: acme.test
x-limit: &limit {in: query, name: limit, type: integer}
paths:
  /a: {get: {parameters: [*limit]}}
  /b: {get: {parameters: [*limit]}}
`);
    expect(tools.map(({ input }) => input['properties'])).toEqual([
      { limit: { type: 'integer' } },
      { limit: { type: 'integer' } },
    ]);
  });
});
