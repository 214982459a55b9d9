import type { Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
import { ArgumentValidator, buildRequest } from '@action-mesh/tools';

import { documentWithBody, importSample, sampleDocument } from './sample-document.fake.js';

type Sample = Readonly<Record<string, unknown>>;

const get = (operation: object, path = '/things') =>
  importSample(sampleDocument({ [path]: { get: operation } }));
const query = (parameter: object) => get({ parameters: [{ name: 'q', in: 'query', ...parameter }] });
const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

describe('a body', () => {
  const body = (schema: unknown, more: Sample = {}, media: Sample = {}) =>
    importSample(documentWithBody(schema, { components: { schemas: more } }, media)).tools[0];

  it.each(['@odata.type', 'filter[x]', 'größe', 'x'.repeat(65)])(
    'with the member %j, which some vendors refuse as an argument, is one argument',
    (name) => {
      const schema = { type: 'object', properties: { a: {}, [name]: { type: 'string' } } };
      expect(body(schema)?.input).toMatchObject({ properties: { body: schema } });
    },
  );

  it.each([
    ['a union', { anyOf: [{ type: 'object', properties: { a: {} } }, { type: 'string' }] }],
    ['a list', { type: 'array', items: { type: 'string' } }],
    ['a text', { type: 'string' }],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
    ['an object with conditions', { type: 'object', properties: { a: {} }, anyOf: [{ required: ['a'] }] }],
    ['an object of a bounded size', { type: 'object', properties: { a: {} }, maxProperties: 1 }],
  ])('that is %s is one argument', (_, schema) => {
    const tool = body(schema);
    expect(tool?.http.body).toEqual({ encoding: 'json', argument: 'body' });
    expect(tool?.input).toMatchObject({ properties: { body: schema }, required: ['body'] });
  });

  it('composed of disjoint objects is hoisted like one object', () => {
    const tool = body(
      {
        allOf: [
          { $ref: '#/components/schemas/Base' },
          { type: 'object', required: ['b'], properties: { b: {} } },
        ],
      },
      { Base: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } } },
    );
    expect(tool?.input).toMatchObject({ properties: { a: { type: 'string' }, b: {} }, required: ['a', 'b'] });
    expect(tool?.http.body).toBeUndefined();
  });

  it('with one member in two parts stays whole', () => {
    const part = { type: 'object', properties: { a: {} } };
    expect(body({ allOf: [part, part] })?.http.body).toEqual({ encoding: 'json', argument: 'body' });
  });

  it('that is optional with required members is one optional argument, because the members only make sense together', () => {
    const tool = body({ type: 'object', required: ['a'], properties: { a: {} } }, {}, { required: false });
    expect(tool?.http.body).toEqual({ encoding: 'json', argument: 'body' });
    expect(tool?.input['required']).toBeUndefined();
  });

  it('requires undescribed required members, which accept anything', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'b'] };
    expect(body(schema)?.input).toMatchObject({
      properties: { a: { type: 'string' }, b: {} },
      required: ['a', 'b'],
      additionalProperties: false,
    });
    expect(body({ ...schema, additionalProperties: { type: 'integer' } })?.input).toMatchObject({
      properties: { b: { type: 'integer' } },
    });
  });

  it('with a space behind its media type is sent without it', () => {
    const tool = body({}, {}, { content: { 'application/merge-patch+json ': { schema: {} } } });
    expect(tool?.http.headers).toEqual({ 'content-type': 'application/merge-patch+json' });
  });

  it('that is open stays open', () => {
    const schema = { type: 'object', properties: { a: {} }, additionalProperties: { type: 'string' } };
    expect(body(schema)?.input['additionalProperties']).toEqual({ type: 'string' });
  });

  it.each(['multipart/mixed', 'multipart/related', 'none'])('in %s is no body of a tool', (type) => {
    const { first, tools } = importSample(
      documentWithBody({}, {}, { required: false, content: { [type]: { schema: { type: 'string' } } } }),
    );
    expect(tools).toEqual([]);
    expect(first.reasons).toEqual([
      {
        code: 'body_media_type',
        pointer: '/paths/~1things/post/requestBody',
        message: `is accepted only as ${type}, and the mesh supports JSON, forms and files`,
      },
    ]);
  });

  it.each(['get', 'delete'])('in a %s is sent if the method can carry it', (method) => {
    const requestBody = {
      required: true,
      content: { 'application/json': { schema: { type: 'object', properties: { a: {} } } } },
    };
    const { tools, first } = importSample(sampleDocument({ '/things': { [method]: { requestBody } } }));
    if (method === 'get') expect(codes(first.reasons)).toEqual(['body_without_place']);
    else {
      expect(tools[0]?.http.body).toEqual({ encoding: 'json' });
      const [tool] = tools;
      if (tool === undefined) throw new Error('no tool');
      expect(buildRequest(tool, { a: 1 })).toMatchObject({ method: 'DELETE', body: '{"a":1}' });
    }
  });

  it('without a media type is dropped, unless it is required', () => {
    expect(body({}, {}, { required: false, content: {} })?.http).toMatchObject({
      parameters: [],
      headers: {},
    });
    const { first } = importSample(documentWithBody({}, {}, { content: {} }));
    expect(codes(first.reasons)).toEqual(['body_media_type']);
  });

  it('prefers JSON, recognizes its variants, and writes forms', () => {
    const media = (...types: string[]) => ({
      content: Object.fromEntries(
        types.map((type) => [type, { schema: { type: 'object', properties: { a: {} } } }]),
      ),
    });
    expect(
      body({}, {}, media('application/x-www-form-urlencoded', 'application/json'))?.http.body,
    ).toBeUndefined();
    expect(body({}, {}, media('application/x-www-form-urlencoded'))?.http.body).toEqual({ encoding: 'form' });
    expect(body({}, {}, media('application/merge-patch+json'))?.http.headers).toEqual({
      'content-type': 'application/merge-patch+json',
    });
  });
});

describe('names of arguments', () => {
  it('that two places share are distinguished by the place, and stay in their places', () => {
    const { tools } = importSample(
      sampleDocument({
        '/a/{id}': {
          get: {
            parameters: [
              { name: 'id', in: 'query', schema: { type: 'string' } },
              { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
              { name: 'page[size]', in: 'query', schema: { type: 'integer' } },
            ],
          },
        },
      }),
    );
    expect(tools[0]?.http.parameters).toEqual([
      { argument: 'id', in: 'path', name: 'id' },
      { argument: 'query_id', in: 'query', name: 'id' },
      { argument: 'page_size', in: 'query', name: 'page[size]' },
    ]);
  });
});

describe('a parameter', () => {
  it.each([
    [{ schema: { type: 'array', items: {} } }, undefined],
    [{ explode: false, schema: { type: 'array', items: {} } }, 'comma'],
    [{ style: 'spaceDelimited', explode: false, schema: { type: 'array', items: {} } }, 'space'],
    [{ style: 'pipeDelimited', explode: false, schema: { type: 'array', items: {} } }, 'pipe'],
    [{ style: 'deepObject', schema: { type: 'object', properties: { a: {} } } }, 'deep_object'],
  ])('%j has the style %s', (parameter, style) => {
    const { tools, first } = query(parameter);
    // A tool's binding finds deep objects without an explicit style. This checks the style in the tool.
    if (style !== 'deep_object') expect(tools[0]?.http.parameters[0]?.style).toBe(style);
    else
      expect([...first.reasons, ...first.warnings].filter(({ code }) => code === 'parameter_style')).toEqual(
        [],
      );
  });

  it.each([
    ['an exploded object', { schema: { type: 'object', properties: { a: {} } } }],
    ['a list of objects', { schema: { type: 'array', items: { type: 'object' } } }],
    ['a list of lists', { schema: { type: 'array', items: { type: 'array', items: { type: 'string' } } } }],
    ['a list of references to objects', { schema: { $ref: '#/components/schemas/Filters' } }],
    ['a list of objects in a header', { in: 'header', schema: { $ref: '#/components/schemas/Filters' } }],
    ['a list or something else', { schema: { anyOf: [{ type: 'array', items: { properties: {} } }, {}] } }],
    ['in a media type', { content: { 'application/json': { schema: {} } } }],
    ['in a cookie', { in: 'cookie', schema: { type: 'string' } }],
    ['in a header that the mesh sets', { in: 'header', name: 'Host', schema: { type: 'string' } }],
  ])('%s is left out with a warning, or refused if it is required', (_, parameter) => {
    const components = {
      schemas: {
        Filters: { type: 'array', items: { allOf: [{ $ref: '#/components/schemas/Filter' }] } },
        Filter: { type: 'object', properties: { a: {} } },
      },
    };
    const query = (changes: object) => {
      const parameters = [{ name: 'q', in: 'query', ...changes }];
      return importSample(sampleDocument({ '/things': { get: { parameters } } }, { components }));
    };
    const optional = query(parameter);
    expect(optional.first.status).toBe('imported_with_warnings');
    expect(optional.tools[0]?.http.parameters).toEqual([]);
    const required = query({ ...parameter, required: true });
    expect(required.first.status).toBe('quarantined');
    expect(codes(required.first.reasons)).toEqual(codes(optional.first.warnings));
    expect(required.first.reasons[0]?.pointer).toBe('/paths/~1things/get/parameters/0');
  });

  it('accepts no null, which a request cannot express, and no empty text in a path', () => {
    const state = { type: 'string', nullable: true, enum: ['open', null] };
    const { tools } = importSample(
      sampleDocument(
        {
          '/a/{id}': {
            get: {
              parameters: [
                { name: 'id', in: 'path', required: true, schema: { type: 'string', nullable: true } },
                { name: 'q', in: 'query', schema: { $ref: '#/components/schemas/State' } },
              ],
            },
          },
        },
        { components: { schemas: { State: state } } },
      ),
    );
    expect(tools[0]?.input).toMatchObject({
      properties: { id: { type: 'string', minLength: 1 }, q: { type: 'string', enum: ['open'] } },
    });
  });

  const SCALARS = ['string', 'number', 'boolean'];
  it.each([
    [{}, { type: [...SCALARS, 'array'], items: { type: SCALARS } }],
    [{ schema: true }, { type: [...SCALARS, 'array'], items: { type: SCALARS } }],
    [{ schema: { minLength: 2 } }, { minLength: 2, type: [...SCALARS, 'array'], items: { type: SCALARS } }],
    [{ schema: { items: { type: 'string' } } }, { type: 'array', items: { type: 'string' } }],
    [
      { schema: { type: 'array', items: { maxLength: 9 } } },
      { type: 'array', items: { maxLength: 9, type: SCALARS } },
    ],
    [{ schema: { type: 'array' } }, { type: 'array', items: { type: SCALARS } }],
    [
      { schema: { anyOf: [{ type: 'string' }, { type: 'array', items: {} }] } },
      { anyOf: [{ type: 'string' }, { type: 'array', items: {} }], items: { type: SCALARS } },
    ],
    [{ in: 'header' }, { type: [...SCALARS, 'array'], items: { type: SCALARS } }],
    [
      { in: 'path', required: true },
      { type: SCALARS, minLength: 1 },
    ],
    [
      { style: 'deepObject', schema: { properties: { a: {} } } },
      { properties: { a: {} }, type: 'object' },
    ],
    [{ schema: { enum: ['a', 1] } }, { enum: ['a', 1] }],
    [
      { schema: { allOf: [{ title: 'Q' }, { type: 'string' }] } },
      { allOf: [{ title: 'Q' }, { type: 'string' }] },
    ],
  ])('accepts only values that can be sent: %j', (parameter, expected) => {
    const { tools } = get({ parameters: [{ name: 'q', in: 'query', ...parameter }] }, '/things/{q}');
    expect((tools[0]?.input['properties'] as Sample)['q']).toEqual(expected);
  });

  it('of type text with meaningless members is a text', () => {
    const { tools } = query({ schema: { type: 'string', properties: { a: {} }, items: { type: 'object' } } });
    expect(tools[0]?.http.parameters).toEqual([{ argument: 'q', in: 'query', name: 'q' }]);
  });

  it('in the style "deepObject" may be a value without members, and is sent as a plain pair', () => {
    const schema = {
      anyOf: [{ type: 'object', properties: { gt: { type: 'integer' } } }, { type: 'integer' }],
    };
    const [tool] = query({ style: 'deepObject', explode: true, schema }).tools;
    if (tool === undefined) throw new Error('no tool');
    expect(buildRequest(tool, { q: 1 }).url).toMatch(/\?q=1$/);
    expect(buildRequest(tool, { q: { gt: 1 } }).url).toMatch(/\?q%5Bgt%5D=1$/);
  });

  it('in the style "deepObject" may be a list, and is sent in brackets as vendors document it', () => {
    const schema = { type: 'array', items: { type: 'string' } };
    const { tools, first } = query({ style: 'deepObject', explode: true, schema });
    expect(first.warnings).toEqual([]);
    expect(buildRequest(tools[0] as Tool, { q: ['data.customer', 'x'] }).url).toMatch(
      /\?q%5B%5D=data\.customer&q%5B%5D=x$/,
    );
    const objects = { type: 'array', items: { type: 'object', properties: { price: { type: 'string' } } } };
    const [nested] = query({ style: 'deepObject', explode: true, schema: objects }).tools;
    expect(new ArgumentValidator(nested as Tool).validate({ q: [{ price: 'p' }] })).toEqual({ ok: true });
    expect(buildRequest(nested as Tool, { q: [{ price: 'p' }] }).url).toMatch(/\?q%5B0%5D%5Bprice%5D=p$/);
  });

  it('without a name is left out with a warning, or refused if it is required', () => {
    const optional = query({ in: 'header', name: '', schema: { type: 'string' } });
    expect(codes(optional.first.warnings)).toEqual(['parameter_unreadable']);
    expect(optional.tools[0]?.http.parameters).toEqual([]);
    const required = query({ in: 'header', name: '', required: true, schema: { type: 'string' } });
    expect(codes(required.first.reasons)).toEqual(['parameter_unreadable']);
  });

  it('in a header may have a dot in its name', () => {
    const { tools } = query({ in: 'header', name: 'WM_SEC.ACCESS_TOKEN', required: true });
    expect(tools[0]?.http.parameters).toMatchObject([{ in: 'header', name: 'WM_SEC.ACCESS_TOKEN' }]);
  });

  it('of a path without a declaration is a text, with a warning', () => {
    const { tools, first } = get({}, '/a/{id}');
    expect(tools[0]?.input).toMatchObject({ properties: { id: { type: 'string' } }, required: ['id'] });
    expect(codes(first.warnings)).toEqual(['parameter_undeclared']);
  });
});

describe('a path', () => {
  it.each(['/a?b={c}', '/a#b', '/a/{b}/{b}', '/a/"{b}"'])(
    'that no request can have is quarantined: %s',
    (path) => {
      const parameters = [{ name: 'b', in: 'path', required: true, schema: { type: 'string' } }];
      const { first, tools } = get({ parameters }, path);
      expect(tools).toEqual([]);
      expect(codes(first.reasons)).toEqual(['path_unusable']);
      expect(first.reasons[0]?.message).toMatch(/^its path must not /);
    },
  );
});

describe('a response', () => {
  it('that is not JSON is requested by its own media type', () => {
    const { tools } = get({ responses: { 200: { content: { 'text/csv': {} } } } });
    expect(tools[0]?.http.headers).toEqual({ accept: 'text/csv' });
    expect(tools[0]?.output).toBeUndefined();
  });

  it.each([
    [['application/vnd.acme.v2+json', 'application/hal+json'], 'application/vnd.acme.v2+json'],
    [['application/vnd.acme.v2+json', 'application/json; charset=utf-8'], undefined],
    [['application/problem+json', '*/*'], undefined],
    [['text/csv', 'application/vnd.acme+json'], 'application/vnd.acme+json'],
    [['application/pdf '], 'application/pdf'],
    [['', 'a b', 'текст/plain', 'text/csv'], 'text/csv'],
    [[''], undefined],
  ])('in %j is requested as %j', (types, accept) => {
    const content = Object.fromEntries(types.map((type) => [type, {}]));
    const { tools } = get({ responses: { 200: { content } } });
    expect(tools[0]?.http.headers).toEqual(defined({ accept }));
  });

  const described = { schema: { type: 'object' } };
  const unreadable = { schema: { $ref: '#/nowhere' } };
  const vendor = 'application/vnd.acme+json';
  const asked = (responses: object) => {
    const [tool] = get({ responses }).tools;
    return [tool?.http.headers, tool?.output];
  };

  it('is requested as the described type, and not as another one', () => {
    const content = { 'application/json': {}, [vendor]: described };
    expect(asked({ 200: { content } })).toEqual([{ accept: vendor }, described.schema]);
    const later = { 200: { content: { [vendor]: described } }, 202: { content: { 'application/json': {} } } };
    expect(asked(later)).toEqual([{ accept: vendor }, described.schema]);
  });

  it('is requested as plain JSON if that is described, or if no type is', () => {
    const content = { 'application/json': described, [vendor]: described };
    expect(asked({ 200: { content } })).toEqual([{}, described.schema]);
    const dropped = { 'application/json': {}, [vendor]: unreadable };
    expect(asked({ 200: { content: dropped } })).toEqual([{}, undefined]);
  });

  it.each([
    ['a chain of references', 4_900, (next: object) => next],
    ['a chain of members', 1_000, (next: object) => ({ type: 'object', properties: { next } })],
  ])('that is %s loses only its description, and the tool stays', (_, length, link) => {
    const schemas: Record<string, object> = { [`S${length}`]: { type: 'string' } };
    for (let at = 0; at < length; at += 1)
      schemas[`S${at}`] = link({ $ref: `#/components/schemas/S${at + 1}` });
    const schema = { $ref: '#/components/schemas/S0' };
    const responses = { 200: { content: { 'application/json': { schema } } } };
    const { first } = importSample(
      sampleDocument({ '/things': { get: { responses } } }, { components: { schemas } }),
    );
    expect(first.status).toBe('imported_with_warnings');
    expect(codes(first.warnings)).toEqual(['output_dropped']);
  });

  it('with definitions that no compiler accepts loses only its description, and the tool stays', () => {
    // Each definition also refers to the one after the next. So no chain of references is long, but the compiler goes
    // deep.
    const schemas: Record<string, object> = {};
    const reference = (at: number) => ({ $ref: `#/components/schemas/S${at % 1_200}` });
    for (let at = 0; at < 1_200; at += 1) {
      const properties = { a: reference(at + 1), b: reference(at * 2), c: reference(at * 2 + 1) };
      schemas[`S${at}`] = { type: 'object', properties };
    }
    const responses = { 200: { content: { 'application/json': { schema: reference(0) } } } };
    const { first } = importSample(
      sampleDocument({ '/things': { get: { responses } } }, { components: { schemas } }),
    );
    expect(first.status).not.toBe('quarantined');
  });

  it('that cannot be described loses only its description, and the tool stays', () => {
    const { tools, first } = get({
      responses: { 200: { content: { 'application/json': { schema: { $ref: 'http://x.test/s' } } } } },
    });
    expect(tools).toHaveLength(1);
    expect(codes(first.warnings)).toEqual(['output_dropped']);
  });
});

describe('an operation that cannot be a tool', () => {
  it.each(['head', 'options', 'trace'])('%s is quarantined', (method) => {
    const { first } = importSample(sampleDocument({ '/things': { [method]: {} } }));
    expect(codes(first.reasons)).toEqual(['method_unsupported']);
  });

  it('does not affect the other operations', () => {
    const { report, tools } = importSample(
      sampleDocument({
        '/a': { get: { operationId: 'a', parameters: [{ $ref: '#/nowhere' }] } },
        '/b': { get: { operationId: 'b', parameters: 'none' } },
        '/c?d=e': { get: { operationId: 'c' } },
        '/d': 7,
        e: { get: {} },
        '/f': { get: { operationId: 'f', parameters: [{ in: 'query' }] } },
        '/g': { get: { operationId: 'g' } },
      }),
    );
    expect(report.operations.map(({ slug, status }) => `${slug} ${status}`)).toEqual([
      'acme_a quarantined',
      'acme_b imported',
      'acme_c quarantined',
      'acme_f quarantined',
      'acme_g imported',
    ]);
    expect(tools.map(({ slug }) => slug)).toEqual(['acme_b', 'acme_g']);
    expect(codes(report.warnings)).toEqual(['path_unreadable', 'path_unreadable']);
  });
});
