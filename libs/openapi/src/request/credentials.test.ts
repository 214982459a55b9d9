import { OpenApiDocument } from '../document/openapi-document.js';
import { Findings } from '../finding.js';
import { operationsOf } from '../operations/operation.js';
import { importSample, sampleDocument } from '../sample-document.fake.js';
import { Credentials } from './credentials.js';

const text = { type: 'string' };
const query = (name: string) => ({ name, in: 'query', required: true, schema: text });
const header = (name: string) => ({ name, in: 'header', required: true, schema: text });

/** This many reads of different things, each with these parameters. */
function reads(count: number, ...parameters: object[]): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`/things${at}`, { get: { parameters } }]),
  );
}

function posts(count: number, properties: object, path = '/things'): Record<string, unknown> {
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  const requestBody = { required: true, content: { 'application/json': { schema } } };
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`${path}${at}`, { post: { requestBody } }]),
  );
}

const argumentsOf = (paths: Record<string, unknown>, more: Record<string, unknown> = {}) => {
  const { tools, report } = importSample(sampleDocument(paths, more));
  return {
    names: tools.map(({ input }) => Object.keys(input['properties'] as object)),
    required: tools.map(({ input }) => input['required'] ?? []),
    security: tools.map(({ security }) => security),
    credentials: report.credentials,
    operations: report.operations,
  };
};

describe('a credential', () => {
  it('of a declared scheme leaves the input in every place, and becomes security', () => {
    const securitySchemes = { app: { type: 'apiKey', in: 'query', name: 'appid' } };
    const more = { components: { securitySchemes }, security: [{ app: [] }] };
    const found = argumentsOf(reads(1, query('appid'), query('q')), more);
    expect(found.names).toEqual([['q']]);
    expect(found.security).toEqual([[[{ scheme: 'app', kind: 'api_key', scopes: [] }]]]);
    expect(found.credentials).toEqual([{ in: 'query', name: 'appid', scheme: 'app', operations: 1 }]);
    expect(found.operations[0]?.credentials).toEqual(['query appid']);
  });

  it.each([
    header('X-Api-Key'),
    header('x-auth-token'),
    query('api_key'),
    query('access_token'),
    header('Authorization'),
  ])('with a strong name is security of a document that declares none: %j', (parameter) => {
    const found = argumentsOf(reads(1, parameter, query('q')));
    expect(found.names).toEqual([['q']]);
    expect(found.required).toEqual([['q']]);
    expect(found.security[0]?.[0]?.map(({ scheme }) => scheme)).toEqual([parameter.name]);
  });

  it('that most operations have belongs to the whole toolkit: two together are one alternative', () => {
    const found = argumentsOf(reads(3, query('key'), query('token'), query('q')));
    expect(found.names).toEqual([['q'], ['q'], ['q']]);
    expect(found.security[0]).toEqual([
      [
        { scheme: 'key', kind: 'api_key', scopes: [] },
        { scheme: 'token', kind: 'api_key', scopes: [] },
      ],
    ]);
    expect(found.credentials.map(({ name, operations }) => [name, operations])).toEqual([
      ['key', 3],
      ['token', 3],
    ]);
  });

  it('leaves every place in the toolkit: query, header and body', () => {
    const securitySchemes = { user: { type: 'oauth2', flows: {} } };
    const found = argumentsOf(
      {
        ...reads(2, query('token'), query('q')),
        '/other': { get: { parameters: [header('token')] } },
        ...posts(1, { token: text, name: text }, '/add'),
      },
      { components: { securitySchemes }, security: [{ user: [] }] },
    );
    expect(found.names).toEqual([['q'], ['q'], [], ['name']]);
    expect(found.credentials.map(({ in: place, scheme }) => [place, scheme])).toEqual([
      ['query', 'user'],
      ['header', 'user'],
      ['body', 'user'],
    ]);
    expect(found.security.every(([first]) => first?.[0]?.scheme === 'user')).toBe(true);
  });

  it('of most bodies leaves them, even if the reads have none', () => {
    const found = argumentsOf({
      ...posts(4, { client_id: text, secret: text, name: text }, '/add'),
      ...reads(9),
    });
    expect(found.names.slice(0, 4)).toEqual(Array(4).fill(['client_id', 'name']));
  });

  it('that is a cookie refuses no operation', () => {
    const cookie = { name: 'session_token', in: 'cookie', required: true, schema: text };
    expect(argumentsOf(reads(1, cookie)).names).toEqual([[]]);
  });

  it.each([
    'page_token',
    'next_token',
    'pageToken',
    'sort_key',
    'public_key',
    'partition_key',
    'key_id',
    'secret_name',
    'token_type',
    'tokens',
  ])('is not a similar name, even if every operation has it: %s', (name) => {
    const found = argumentsOf(reads(5, query(name)));
    expect(found.names).toEqual(Array(5).fill([name]));
    expect(found.credentials).toEqual([]);
  });

  it.each([
    [
      'the key of a record, where few operations have it',
      {
        ...reads(9),
        '/x': { get: { parameters: [query('key')] } },
      },
      'key',
    ],
    ['a password of a new user', posts(2, { name: text, password: text }), 'password'],
    [
      'the secret of a new webhook',
      { ...posts(1, { url: text, secret: text }), ...posts(5, { name: text }, '/other') },
      'secret',
    ],
    [
      'a token that is asked about',
      { '/oauth/introspect': { get: { parameters: [query('access_token')] } } },
      'access_token',
    ],
    [
      'the api_key of another system in one body',
      { ...posts(1, { api_key: text }), ...posts(5, { name: text }, '/other') },
      'api_key',
    ],
  ])('is not %s', (_, paths, name) => {
    expect(argumentsOf(paths).names.flat()).toContain(name);
  });

  it('is decided for the whole document, for any selection of operations', () => {
    const paths = {
      ...reads(4, query('token')),
      '/one': { get: { operationId: 'one', parameters: [query('token')] } },
    };
    const { tools } = importSample(sampleDocument(paths), { select: ['one'] });
    expect(tools.map(({ input }) => input['properties'])).toEqual([{}]);
  });

  it('is found in many operations in little processor time', () => {
    const document = new OpenApiDocument(sampleDocument(reads(50_000, query('token'))));
    const operations = operationsOf(document, new Findings());
    const before = process.cpuUsage();
    const { all } = Credentials.of(document, operations);
    expect(all.map((each) => each.operations)).toEqual([50_000]);
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(5);
  });
});
