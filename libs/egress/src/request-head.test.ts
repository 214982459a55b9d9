import { vetHead } from './request-head.js';

describe('the head of a request', () => {
  it('is passed on, with a user agent and without compression', () => {
    expect(vetHead('POST', { Authorization: 'Bearer x', accept: ['a/b', 'c/d'] }, 'mesh')).toEqual([
      ...['Authorization', 'Bearer x', 'accept', 'a/b', 'accept', 'c/d'],
      ...['user-agent', 'mesh', 'accept-encoding', 'identity'],
    ]);
    expect(vetHead('GET', { 'User-Agent': 'mine', 'Accept-Encoding': 'br' }, 'mesh')).toEqual([
      ...['User-Agent', 'mine', 'Accept-Encoding', 'br'],
    ]);
  });

  it.each([
    { 'x-a': 'b\r\nx-injected: 1' },
    { 'x-a': 'b\nc' },
    { 'x-a': 'b\u0000c' },
    { 'x-a': 'snow ☃' },
    { 'x-a': ['fine', 'bad\r'] },
    { 'x a': 'b' },
    { 'x-a\r\nx-b': 'c' },
    { '': 'x' },
    { Host: 'internal' },
    { connection: 'upgrade' },
    { 'Transfer-Encoding': 'chunked' },
    { 'content-length': '0' },
    { 'Proxy-Authorization': 'Basic x' },
    { 'keep-alive': '1' },
    { te: 'trailers' },
    { trailer: 'x' },
    { upgrade: 'h2c' },
    { expect: '100-continue' },
  ])('refuses %j', (headers) => {
    expect(vetHead('POST', headers, 'mesh')).toMatchObject({
      reason: 'denied',
      code: 'EGRESS_DENIED_HEADER',
    });
  });

  it('does not repeat a value that may be a secret', () => {
    expect(JSON.stringify(vetHead('POST', { authorization: 'secret\r\n' }, 'mesh'))).not.toContain('secret');
  });

  it.each(['CONNECT', 'TRACE', 'get', 'GET /x HTTP/1.1\r\n', '', 'A'.repeat(30)])(
    'refuses method %j',
    (method) => {
      expect(vetHead(method, {}, 'mesh')).toMatchObject({ code: 'EGRESS_DENIED_METHOD' });
    },
  );
});
