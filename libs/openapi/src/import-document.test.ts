import { ToolPublished } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
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

  it('makes a tool of each operation that fits the contract', () => {
    expect([...bySlug.keys()]).toEqual([
      'acme_get_order',
      'acme_put_order',
      'acme_delete_order',
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

  it('hoists the members of a body without the read-only ones, and keeps the recursion', () => {
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

  it('describes answers without the write-only members', () => {
    const { output } = tool('acme_get_order');
    const definitions = output?.['$defs'] as Record<string, { properties: object }>;
    expect(output?.['$ref']).toBe('#/$defs/Order');
    expect(Object.keys(definitions)).toEqual(['Order']);
    expect(Object.keys(definitions['Order']?.properties ?? {})).toEqual(['number', 'note', 'parent']);
  });

  it('infers the effect, and marks it as inferred', () => {
    const effects = tools.map(({ effect, effect_source: source }) => `${effect.class} ${source}`);
    expect(effects).toEqual([
      'read inferred',
      'idempotent inferred',
      'idempotent inferred',
      'opaque inferred',
    ]);
  });

  it('copies wording, tags, deprecation and security', () => {
    expect(tool('acme_get_order')).toMatchObject({
      title: 'Get an order',
      description: 'Get an order\n\nReads one order.',
      tags: ['orders'],
      security: [
        [{ scheme: 'token', kind: 'bearer', scopes: [] }],
        [{ scheme: 'login', kind: 'oauth2', scopes: ['orders:write'] }],
      ],
    });
    expect(tool('acme_delete_order')).toMatchObject({
      deprecated: true,
      description: 'DELETE /orders/{id}',
    });
  });

  it("builds the request in the document's format", () => {
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

  it('does not change a given object', () => {
    const swagger = { swagger: '2.0', info: { title: 'Old' }, host: 'old.test', paths: {}, definitions: {} };
    const before = JSON.stringify(swagger);
    importDocument(swagger);
    expect(JSON.stringify(swagger)).toBe(before);
  });
});

describe('examples', () => {
  it('are kept if they are valid calls, and otherwise dropped without a warning', () => {
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
  ])('is required if the servers are %j', (servers) => {
    expect(() => at(servers)).toThrow('--base-url');
  });

  it.each([
    [[{ url: 'http://a.test' }, { url: 'https://b.test' }], 'https://b.test'],
    [[{ url: 'https://b.test' }, { url: 'https://c.test' }], 'https://b.test'],
    [[{ url: 'http://a.test' }, { url: 'https://{region}.a.test' }], 'http://a.test'],
    [[{ url: '//a.test/v1' }], 'https://a.test/v1'],
  ])('of %j is %s, with https before http', (servers, expected) => {
    expect(at(servers)).toBe(expected);
  });

  it('is plain http with a warning if there is no https, unless the caller set it', () => {
    const servers = [{ url: 'http://a.test' }];
    const codes = (options: object) =>
      importSample(sampleDocument({ '/a': { get: {} } }, { servers }), options).report.warnings.map(
        ({ code }) => code,
      );
    expect(codes({})).toEqual(['plain_http']);
    expect(codes({ baseUrl: 'http://localhost:8080' })).toEqual([]);
  });
});

describe('the toolkit of a document with a title that names nothing', () => {
  const at = (url: string, options: object = {}) =>
    importDocument(sampleDocument({}, { info: { title: 'API' }, servers: [{ url }] }), options).report
      .toolkit;

  it("is named after its server, and not after the document's own address", () => {
    expect(at('https://api.acme.test/v1')).toBe('acme');
    expect(at('/v1', { baseUrl: 'https://api.acme.test' })).toBe('acme');
    expect(at('/v1', { documentUrl: 'https://raw.githubusercontent.com/a/b.json' })).toBe('api');
  });
});

describe('an operation with servers of its own', () => {
  const root = 'https://api.acme.test/v1';
  const uploads = 'https://uploads.acme.test';
  const imported = (own: unknown, path?: unknown, options: object = {}) =>
    importSample(
      sampleDocument({
        '/a': { ...defined({ servers: path }), get: { servers: own } },
      }),
      options,
    );

  it.each([
    ['another host', [{ url: uploads }], undefined, {}, uploads, ['other_server']],
    ['a relative one', [{ url: '/v2' }], undefined, {}, 'https://api.acme.test/v2', ['other_server']],
    [
      'a relative one of a fetched document',
      [{ url: '/v2' }],
      undefined,
      { documentUrl: 'https://docs.acme.test/openapi.json' },
      'https://docs.acme.test/v2',
      ['other_server'],
    ],
    ['that of the document', [{ url: `${root}/` }], undefined, {}, root, []],
    ['that of the document, in a path elsewhere', [{ url: root }], [{ url: uploads }], {}, root, []],
    ['none, in a path elsewhere', [], [{ url: uploads }], {}, uploads, ['other_server']],
    [
      'that of the document, which is replaced',
      [{ url: root }],
      undefined,
      { baseUrl: 'https://b.test' },
      'https://b.test',
      [],
    ],
  ])('that are %s is at its address', (_, own, path, options, expected, codes) => {
    const { tools, first } = imported(own, path, options);
    expect(tools[0]?.provider.base_url).toBe(expected);
    expect(first.warnings.map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    [[{ url: 'https://{region}.acme.test' }], undefined],
    [[{ url: 'ftp://acme.test' }], [{ url: uploads }]],
  ])('that are unusable is quarantined: %j', (own, path) => {
    const { first } = imported(own, path);
    expect(first.reasons).toMatchObject([{ code: 'server_unusable', pointer: '/paths/~1a/get/servers' }]);
  });
});

describe('a path', () => {
  it("that is a reference keeps the operations beside it, which win over the target's", () => {
    const post = { operationId: 'post' };
    const source = sampleDocument(
      {
        '/a/{id}': {
          $ref: '#/components/pathItems/A',
          post,
          put: { operationId: 'own' },
        },
      },
      {
        openapi: '3.1.0',
        components: {
          pathItems: {
            A: {
              parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
              get: { operationId: 'get' },
              put: { operationId: 'shared' },
            },
          },
        },
      },
    );
    const { report, tools } = importSample(source);
    expect(tools.map(({ slug }) => slug).sort()).toEqual(['acme_get', 'acme_own', 'acme_post']);
    for (const { input } of tools) expect(input['properties']).toEqual({ id: { type: 'integer' } });
    expect(report.warnings).toMatchObject([
      { code: 'operation_replaced', pointer: '/components/pathItems/A/put' },
    ]);
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
  ])('%j selects %j', (select, expected) => {
    expect(selected(...select)).toEqual(expected);
  });

  it('does not change the names of its tools', () => {
    const slugs = (select: string[]) =>
      importDocument(sampleDocument(paths), { toolkit: 'acme', select }).tools.map(({ slug }) => slug);
    expect(slugs([])).toEqual(expect.arrayContaining(slugs(['tag:issues'])));
  });

  it.each(['', 'tag:', `op:${'a'.repeat(300)}`])('is refused if it is no glob: %j', (select) => {
    expect(() => selected(select)).toThrow('must be a glob');
  });
});

describe('the version', () => {
  it.each([
    ['openapi: 3.1', '3.1'],
    ['openapi: 3.0', '3.0'],
    ['swagger: 2.0', '2.0'],
  ])('unquoted in YAML is read: %s', (line, format) => {
    const text = `${line}\ninfo: {title: A}\nhost: a.test\nservers: [{url: "https://a.test"}]\npaths: {/a: {get: {}}}\n`;
    expect(importSample(text).report.format).toBe(format);
  });
});
