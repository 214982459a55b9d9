import { proxyArgumentsSchema, proxyRequestSchema } from './proxy-request.js';

const accepts = (request: object): boolean => proxyRequestSchema.safeParse(request).success;
const withPath = (path: string): boolean => accepts({ method: 'GET', path });
const withHeader = (name: string, value = 'x'): boolean =>
  accepts({ method: 'GET', path: '/', headers: { [name]: value } });

describe('a proxied request', () => {
  it.each(['/', '/items', '/items/', '/items/a%20b', '/items/a:b@c', '/v1.0/..x', '/%E2%82%AC'])(
    'may have the path %s',
    (path) => expect(withPath(path)).toBe(true),
  );

  it.each([
    '',
    'items',
    'https://evil.example.com/',
    '//evil.example.com',
    '/a//b',
    '/../b',
    '/a/..',
    '/a/%2e%2e/b',
    '/a/.%2E/b',
    '/a/%252e%252e/b',
    '/a/%2f..%2fb',
    '/a%5c..',
    '/a\\..\\b',
    '/a?b=1',
    '/a#b',
    '/a b',
    '/a\nb',
    '/a%0ab',
    '/a/%',
    '/./a',
  ])('cannot leave the base of its integration by the path %j', (path) => expect(withPath(path)).toBe(false));

  it.each([
    'Authorization',
    'cookie',
    'Host',
    'connection',
    'Transfer-Encoding',
    'proxy-authorization',
    'x-forwarded-for',
    'mesh-key',
    'content-length',
    'traceparent',
    'bad name',
  ])('cannot set the header %s', (name) => expect(withHeader(name)).toBe(false));

  it('can set other headers, without control characters in them', () => {
    expect(withHeader('accept', 'application/json')).toBe(true);
    expect(withHeader('x-api-version', '1\r\nhost: evil')).toBe(false);
  });

  it('is a read only with GET and HEAD, and has a body only with other methods', () => {
    expect(accepts({ method: 'GET', path: '/', effect: 'read' })).toBe(true);
    expect(accepts({ method: 'POST', path: '/', effect: 'read' })).toBe(false);
    expect(accepts({ method: 'POST', path: '/', effect: 'idempotent', body: { a: 1 } })).toBe(true);
    expect(accepts({ method: 'GET', path: '/', body: {} })).toBe(false);
    expect(accepts({ method: 'TRACE', path: '/' })).toBe(false);
  });

  it('names its integration in the arguments of the built-in tool', () => {
    const request = { method: 'GET', path: '/' };
    expect(proxyArgumentsSchema.safeParse({ integration: 'github', ...request }).success).toBe(true);
    expect(proxyArgumentsSchema.safeParse({ integration: '../x', ...request }).success).toBe(false);
    expect(proxyArgumentsSchema.safeParse(request).success).toBe(false);
  });
});
