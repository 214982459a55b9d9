import fc from 'fast-check';

import { ToolRequestError, ToolUnusableError } from '../tools.errors.js';
import type { Arguments } from './argument-text.js';
import { buildRequest, compileBinding, type BindableTool, type HttpRequest } from './binding.js';

type Http = BindableTool['http'];

function tool(http: Partial<Http>, properties: readonly string[] = []): BindableTool {
  return {
    provider: { slug: 'acme', base_url: 'https://api.acme.test/v2' },
    input: { type: 'object', properties: Object.fromEntries(properties.map((name) => [name, {}])) },
    http: { method: 'POST', path: '/things', parameters: [], headers: {}, ...http },
  };
}

function refusal(build: () => HttpRequest): string {
  try {
    build();
  } catch (error) {
    if (error instanceof ToolRequestError) return `${error.code} ${error.argument}`;
    throw error;
  }
  return 'not refused';
}

const inPath = tool({
  method: 'GET',
  path: '/users/{user}/files/{file}.json',
  parameters: [
    { argument: 'user', in: 'path', name: 'user' },
    { argument: 'file', in: 'path', name: 'file' },
  ],
});

const inQuery = tool({ method: 'GET', parameters: [{ argument: 'q', in: 'query', name: 'search term' }] });
const inHeader = tool({ parameters: [{ argument: 'region', in: 'header', name: 'X-Region' }] });

describe('a request', () => {
  it('carries each argument in its place and the rest as JSON, in the given order', () => {
    const request = buildRequest(
      tool(
        {
          method: 'PATCH',
          path: '/users/{id}',
          parameters: [
            { argument: 'user_id', in: 'path', name: 'id' },
            { argument: 'notify', in: 'query', name: 'notify' },
            { argument: 'region', in: 'header', name: 'X-Region' },
          ],
          headers: { 'x-api-version': '3' },
        },
        ['user_id', 'notify', 'region', 'name', 'tags'],
      ),
      { name: 'Ada', user_id: 7, notify: false, region: 'eu', tags: ['a', null, { b: 1 }] },
    );
    expect(request).toEqual({
      method: 'PATCH',
      url: 'https://api.acme.test/v2/users/7?notify=false',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-api-version': '3',
        'x-region': 'eu',
      },
      body: '{"name":"Ada","tags":["a",null,{"b":1}]}',
    });
  });

  it('repeats the pair for each item of a list, and has none for an empty list', () => {
    expect(buildRequest(inQuery, { q: ['a&b', 2, true] }).url).toBe(
      'https://api.acme.test/v2/things?search%20term=a%26b&search%20term=2&search%20term=true',
    );
    expect(buildRequest(inQuery, { q: [] }).url).toBe('https://api.acme.test/v2/things');
  });

  it('has an empty object as its body if body arguments are declared and none is given', () => {
    expect(buildRequest(tool({}, ['name']), {}).body).toBe('{}');
  });

  it('has no body and no content type if no argument could be in it', () => {
    expect(buildRequest(tool({}), {})).toEqual({
      method: 'POST',
      url: 'https://api.acme.test/v2/things',
      headers: { accept: 'application/json' },
    });
  });

  it('keeps a JSON media type of the tool', () => {
    const vendor = tool({ headers: { 'content-type': 'application/vnd.api+json' } }, ['name']);
    expect(buildRequest(vendor, { name: 'x' }).headers['content-type']).toBe('application/vnd.api+json');
  });

  it('shares nothing with the previous request', () => {
    const build = compileBinding(inHeader);
    const first = build({ region: 'eu' });
    expect(build({}).headers).not.toHaveProperty('x-region');
    expect(first.headers['x-region']).toBe('eu');
  });

  it('reads own members only', () => {
    const inherited = tool({
      method: 'GET',
      parameters: [{ argument: 'constructor', in: 'query', name: 'c' }],
    });
    expect(buildRequest(inherited, {}).url).toBe('https://api.acme.test/v2/things');
    expect(refusal(() => buildRequest(inPath, Object.create({ user: 'u', file: 'f' }) as Arguments))).toBe(
      'TOOL_PATH_VALUE_MISSING user',
    );
  });

  it('sends a member named __proto__ as a member', () => {
    const args = JSON.parse('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(buildRequest(tool({}), args).body).toBe('{"__proto__":{"admin":true}}');
  });
});

describe('a request is refused', () => {
  it.each([
    ['an empty path value', { user: '', file: 'f' }, 'TOOL_PATH_VALUE_EMPTY user'],
    ['a missing path value', { file: 'f' }, 'TOOL_PATH_VALUE_MISSING user'],
    ['a dot segment', { user: '.', file: 'f' }, 'TOOL_PATH_DOT_SEGMENT user'],
    ['a double dot segment', { user: '..', file: 'f' }, 'TOOL_PATH_DOT_SEGMENT user'],
    ['a way up that some servers decode', { user: '../admin', file: 'f' }, 'TOOL_PATH_DOT_SEGMENT user'],
    ['a way up in the middle', { user: 'a/../../b', file: 'f' }, 'TOOL_PATH_DOT_SEGMENT user'],
    ['a way up with backslashes', { user: 'a\\..\\b', file: 'f' }, 'TOOL_PATH_DOT_SEGMENT user'],
    ['null in the path', { user: null, file: 'f' }, 'TOOL_ARGUMENT_SHAPE user'],
    ['a list in the path', { user: ['u'], file: 'f' }, 'TOOL_ARGUMENT_SHAPE user'],
    ['an object in the path', { user: {}, file: 'f' }, 'TOOL_ARGUMENT_SHAPE user'],
    ['half a surrogate pair', { user: '\ud800', file: 'f' }, 'TOOL_ARGUMENT_TEXT user'],
    ['an argument without a place', { user: 'u', file: 'f', extra: 1 }, 'TOOL_ARGUMENT_UNPLACED extra'],
  ])('for %s', (_, args, expected) => {
    expect(refusal(() => buildRequest(inPath, args))).toBe(expected);
  });

  it('for dots that form a dot segment only together', () => {
    const joined = tool({
      method: 'GET',
      path: '/x/{a}{b}',
      parameters: [
        { argument: 'a', in: 'path', name: 'a' },
        { argument: 'b', in: 'path', name: 'b' },
      ],
    });
    expect(refusal(() => buildRequest(joined, { a: '.', b: '.' }))).toBe('TOOL_PATH_DOT_SEGMENT b');
    expect(buildRequest(joined, { a: '...', b: '.' }).url).toBe('https://api.acme.test/v2/x/....');
  });

  it.each([
    ['null in the query', { q: null }],
    ['an object in the query', { q: { a: 1 } }],
    ['a list within a list', { q: [['a']] }],
  ])('for %s', (_, args) => {
    expect(refusal(() => buildRequest(inQuery, args))).toBe('TOOL_ARGUMENT_SHAPE q');
  });

  it.each(['a\r\nx-admin: 1', 'a\nb', 'a\0b', ' a', 'a ', 'ä', '\u007f'])(
    'for the header value %j',
    (region) => {
      expect(refusal(() => buildRequest(inHeader, { region }))).toBe('TOOL_HEADER_VALUE region');
    },
  );

  it('without repeating the value', () => {
    expect(() => buildRequest(inHeader, { region: 'secret\n' })).not.toThrow(/secret/);
  });
});

describe('compileBinding', () => {
  it('refuses a tool with a path and parameters that do not fit together', () => {
    expect(() => compileBinding(tool({ path: '/a/{b}' }))).toThrow(ToolUnusableError);
    expect(() => compileBinding(tool({ path: '/a/../b' }))).toThrow(ToolUnusableError);
  });
});

describe('for any value', () => {
  // Texts of characters that could break out of a place, mixed with others.
  const dangerous = fc.constantFrom(
    ...[
      '/',
      '\\',
      '?',
      '#',
      '&',
      '=',
      '%',
      '+',
      ';',
      ':',
      '@',
      '.',
      '..',
      '%2e',
      '%2F',
      '\r\n',
      '\0',
      ' ',
      '{user}',
      'é',
      '💥',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc
      .array(fc.oneof(dangerous, fc.string({ maxLength: 3 })), { maxLength: 8 })
      .map((parts) => parts.join('')),
  );
  const scalar = fc.oneof(text, fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));

  it('a path value can be read back from its own segment, or is refused', () => {
    fc.assert(
      fc.property(scalar, scalar, (user, file) => {
        let request: HttpRequest;
        try {
          request = buildRequest(inPath, { user, file });
        } catch (error) {
          expect(error).toBeInstanceOf(ToolRequestError);
          return;
        }
        const url = new URL(request.url);
        expect(url.origin).toBe('https://api.acme.test');
        expect(url.search + url.hash).toBe('');
        const segments = url.pathname.split('/').map((segment) => decodeURIComponent(segment));
        expect(segments).toEqual(['', 'v2', 'users', String(user), 'files', `${String(file)}.json`]);
        // The view of a server that decodes the whole path before it resolves it.
        expect(decodeURIComponent(url.pathname).split(/[/\\]/)).not.toContain('..');
      }),
      { numRuns: 2_000 },
    );
  });

  it('a path value is refused only if it is empty or contains a dot segment', () => {
    fc.assert(
      fc.property(text, (user) => {
        const parts = user.split(/[/\\]/);
        const expected =
          user === ''
            ? 'TOOL_PATH_VALUE_EMPTY user'
            : parts.includes('.') || parts.includes('..')
              ? 'TOOL_PATH_DOT_SEGMENT user'
              : 'not refused';
        expect(refusal(() => buildRequest(inPath, { user, file: 'f' }))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('query values can be read back from their own pairs', () => {
    fc.assert(
      fc.property(fc.array(scalar, { maxLength: 4 }), (q) => {
        const url = new URL(buildRequest(inQuery, { q }).url);
        expect(url.pathname + url.hash).toBe('/v2/things');
        expect([...url.searchParams]).toEqual(q.map((item) => ['search term', String(item)]));
      }),
      { numRuns: 2_000 },
    );
  });

  it('a header value can be read back from its own line, or is refused', () => {
    fc.assert(
      fc.property(scalar, (region) => {
        let request: HttpRequest;
        try {
          request = buildRequest(inHeader, { region });
        } catch (error) {
          expect(error).toBeInstanceOf(ToolRequestError);
          return;
        }
        expect(new Headers(request.headers).get('x-region')).toBe(String(region));
      }),
      { numRuns: 2_000 },
    );
  });

  it('a body can be read back as its arguments', () => {
    const bodied = tool({}, ['anything']);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
        const { body } = buildRequest(bodied, args);
        expect(JSON.parse(String(body))).toEqual(JSON.parse(JSON.stringify(args)));
      }),
    );
  });
});

describe('presets', () => {
  const withPresets: BindableTool = {
    ...tool({}, ['name']),
    presets: { region: { value: 'eu', fixed: true }, limit: { value: 10 } },
  };

  it('are sent without being given, and a given value replaces a default', () => {
    expect(JSON.parse(String(buildRequest(withPresets, { name: 'Ada' }).body))).toEqual({
      name: 'Ada',
      region: 'eu',
      limit: 10,
    });
    expect(JSON.parse(String(buildRequest(withPresets, { limit: 3 }).body))).toEqual({
      region: 'eu',
      limit: 3,
    });
  });

  it('are refused if they are fixed and the caller gives them (RQ2)', () => {
    expect(refusal(() => buildRequest(withPresets, { region: 'us' }))).toBe('TOOL_ARGUMENT_FIXED region');
  });

  it('fill a query too', () => {
    const listing: BindableTool = { ...inQuery, presets: { q: { value: 'all' } } };
    expect(buildRequest(listing, {}).url).toBe('https://api.acme.test/v2/things?search%20term=all');
  });
});
