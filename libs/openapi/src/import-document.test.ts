import { ToolPublished } from '@action-mesh/contracts/catalog';
import { buildRequest } from '@action-mesh/tools';
import { stringify } from 'yaml';

import { importDocument } from './import-document.js';
import { documentWithBody, importSample, sampleDocument } from './sample-document.fake.js';

const orders = sampleDocument(
  {
    '/orders/{id}': {
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string' }, description: 'Which one.' },
      ],
      get: {
        operationId: 'getOrder',
        summary: 'Get an order',
        description: 'Reads one order.',
        tags: ['orders'],
        parameters: [
          {
            name: 'fields',
            in: 'query',
            explode: false,
            schema: { type: 'array', items: { type: 'string' } },
          },
          { name: 'X-View', in: 'header', schema: { type: 'string', enum: ['short', 'long'] } },
        ],
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
        },
      },
      put: {
        operationId: 'putOrder',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/Order' },
              examples: {
                small: { summary: 'A small one', value: { note: 'x' } },
                bad: { value: { note: 7 } },
              },
            },
          },
        },
      },
      delete: { deprecated: true },
    },
    '/orders': { post: { operationId: 'orders.create' } },
  },
  {
    security: [{ token: [] }, { login: ['orders:write'] }, {}],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' }, login: { type: 'oauth2', flows: {} } },
      schemas: {
        Order: {
          type: 'object',
          required: ['number', 'note'],
          properties: {
            number: { type: 'integer', readOnly: true },
            secret: { type: 'string', writeOnly: true },
            note: { type: 'string', nullable: true, 'x-internal': 1, example: 'x' },
            parent: { $ref: '#/components/schemas/Order' },
          },
        },
        Unused: { type: 'string' },
      },
    },
  },
);

describe('the import of a document', () => {
  const { tools, report } = importDocument(orders, { toolkit: 'acme' });
  const bySlug = new Map(tools.map((tool) => [tool.slug, tool]));
  const tool = (slug: string) => {
    const found = bySlug.get(slug);
    if (found === undefined) throw new Error(`no ${slug} among ${[...bySlug.keys()].join(', ')}`);
    return found;
  };

  it('makes a tool of each operation that the contract accepts', () => {
    expect([...bySlug.keys()]).toEqual([
      'acme_get_order',
      'acme_put_order',
      'acme_delete_orders_id',
      'acme_orders_create',
    ]);
    for (const each of tools) expect(ToolPublished.schema.parse(each)).toEqual(each);
    expect(report.totals).toEqual({
      operations: 4,
      selected: 4,
      imported: 4,
      importedWithWarnings: 0,
      quarantined: 0,
    });
  });

  it('puts parameters of all places and of the path item into one closed input', () => {
    expect(tool('acme_get_order').input).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', minLength: 1, description: 'Which one.' },
        fields: { type: 'array', items: { type: 'string' } },
        'X-View': { type: 'string', enum: ['short', 'long'] },
      },
      required: ['id'],
      additionalProperties: false,
    });
    expect(tool('acme_get_order').http.parameters).toEqual([
      { argument: 'id', in: 'path', name: 'id' },
      { argument: 'fields', in: 'query', name: 'fields', style: 'comma' },
      { argument: 'X-View', in: 'header', name: 'X-View' },
    ]);
  });

  it('hoists the members of a body, without those that only the provider sets, and keeps the recursion', () => {
    const { input } = tool('acme_put_order');
    expect(input).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', minLength: 1, description: 'Which one.' },
        secret: { type: 'string' },
        note: { type: ['string', 'null'], examples: ['x'] },
        parent: { $ref: '#/$defs/Order' },
      },
      required: ['id', 'note'],
      additionalProperties: false,
      $defs: {
        Order: {
          type: 'object',
          properties: {
            secret: { type: 'string' },
            note: { type: ['string', 'null'], examples: ['x'] },
            parent: { $ref: '#/$defs/Order' },
          },
          required: ['note'],
        },
      },
    });
  });

  it('describes answers without what the provider never tells', () => {
    const { output } = tool('acme_get_order');
    const definitions = output?.['$defs'] as Record<string, { properties: object }>;
    expect(output?.['$ref']).toBe('#/$defs/Order');
    expect(Object.keys(definitions)).toEqual(['Order']);
    expect(Object.keys(definitions['Order']?.properties ?? {})).toEqual(['number', 'note', 'parent']);
  });

  it('infers the effect, and says that it did', () => {
    const effects = tools.map(({ effect, effect_source: source }) => `${effect.class} ${source}`);
    expect(effects).toEqual([
      'read inferred',
      'idempotent inferred',
      'idempotent inferred',
      'opaque inferred',
    ]);
  });

  it('takes over wording, tags, deprecation and security', () => {
    expect(tool('acme_get_order')).toMatchObject({
      title: 'Get an order',
      description: 'Get an order\n\nReads one order.',
      tags: ['orders'],
      security: [
        [{ scheme: 'token', kind: 'bearer', scopes: [] }],
        [{ scheme: 'login', kind: 'oauth2', scopes: ['orders:write'] }],
      ],
    });
    expect(tool('acme_delete_orders_id')).toMatchObject({
      deprecated: true,
      description: 'DELETE /orders/{id}',
    });
  });

  it('builds the request that the document describes', () => {
    const put = buildRequest(tool('acme_put_order'), { id: 'a/b', note: null });
    expect(put).toMatchObject({
      method: 'PUT',
      url: 'https://api.acme.test/v1/orders/a%2Fb',
      body: '{"note":null}',
    });
  });

  it('gives the same bytes again, from JSON, from YAML and from an object', () => {
    const bytes = JSON.stringify(importDocument(orders, { toolkit: 'acme' }));
    expect(JSON.stringify({ tools, report })).toBe(bytes);
    expect(JSON.stringify(importDocument(JSON.stringify(orders), { toolkit: 'acme' }))).toBe(bytes);
    expect(JSON.stringify(importDocument(stringify(orders), { toolkit: 'acme' }))).toBe(bytes);
  });

  it('does not touch an object that it is given', () => {
    const swagger = { swagger: '2.0', info: { title: 'Old' }, host: 'old.test', paths: {}, definitions: {} };
    const before = JSON.stringify(swagger);
    importDocument(swagger);
    expect(JSON.stringify(swagger)).toBe(before);
  });
});

describe('examples', () => {
  it('are kept where they are valid calls, and left out silently where not', () => {
    const schema = { type: 'object', properties: { name: { type: 'string' } } };
    const examples = {
      one: { summary: 'A name', value: { name: 'x' } },
      two: { value: { name: 7 } },
      three: { value: 5 },
    };
    const { tools, first } = importSample(
      documentWithBody(schema, {}, { content: { 'application/json': { schema, examples } } }),
    );
    expect(tools[0]?.examples).toEqual([{ description: 'A name', arguments: { name: 'x' } }]);
    expect(first.status).toBe('imported');
  });
});

describe('the base URL', () => {
  const at = (servers: unknown, options: object = {}) =>
    importSample(sampleDocument({ '/a': { get: {} } }, { servers }), options).report.baseUrl;

  it.each([
    [[{ url: '/v1' }, { url: 'https://a.test/v2/' }], {}, 'https://a.test/v2'],
    [[{ url: 'https://{region}.a.test', variables: { region: { default: 'eu' } } }], {}, 'https://eu.a.test'],
    [[{ url: '/v1' }], { documentUrl: 'https://docs.a.test/spec/openapi.json' }, 'https://docs.a.test/v1'],
    [[{ url: 'https://a.test' }], { baseUrl: 'https://b.test/' }, 'https://b.test'],
  ])('of %j with %j is %s', (servers, options, expected) => {
    expect(at(servers, options)).toBe(expected);
  });

  it.each([
    [null],
    [[]],
    [[{ url: '/v1' }]],
    [[{ url: 'https://{region}.a.test' }]],
    [[{ url: 'ftp://a.test' }]],
  ])('is asked for where the servers are %j', (servers) => {
    expect(() => at(servers)).toThrow('--base-url');
  });

  it('is another one for an operation with servers of its own, with a warning', () => {
    const paths = { '/a': { get: { servers: [{ url: 'https://uploads.a.test' }] } } };
    const { tools, first } = importSample(sampleDocument(paths));
    expect(tools[0]?.provider.base_url).toBe('https://uploads.a.test');
    expect(first.warnings.map(({ code }) => code)).toEqual(['other_server']);
  });
});

describe('a selection', () => {
  const paths = {
    '/repos/{a}': { get: { operationId: 'repos/get', tags: ['repos'], parameters: [] } },
    '/repos/{a}/issues': { get: { operationId: 'issues/list', tags: ['issues'] } },
    '/user': { get: { operationId: 'users/me' }, put: {} },
  };
  const selected = (...select: string[]) =>
    importDocument(sampleDocument(paths), { toolkit: 'acme', select }).report.operations.map(
      ({ operation }) => operation,
    );

  it.each([
    [['tag:issues'], ['GET /repos/{a}/issues']],
    [['path:/repos/*'], ['GET /repos/{a}']],
    [['path:/repos/**'], ['GET /repos/{a}', 'GET /repos/{a}/issues']],
    [
      ['op:issues/*', 'users/*'],
      ['GET /repos/{a}/issues', 'GET /user'],
    ],
    [['nothing'], []],
    [[], ['GET /repos/{a}', 'GET /repos/{a}/issues', 'GET /user', 'PUT /user']],
  ])('%j takes %j', (select, expected) => {
    expect(selected(...select)).toEqual(expected);
  });

  it('does not change the names of what it takes', () => {
    const slugs = (select: string[]) =>
      importDocument(sampleDocument(paths), { toolkit: 'acme', select }).tools.map(({ slug }) => slug);
    expect(slugs([])).toEqual(expect.arrayContaining(slugs(['tag:issues'])));
  });

  it.each(['', 'tag:', `op:${'a'.repeat(300)}`])('is refused where it is no glob: %j', (select) => {
    expect(() => selected(select)).toThrow('must be a glob');
  });
});

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
