import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { jest } from '@jest/globals';

import { apiKey, GatewayHarness } from './gateway-harness.js';
import { HttpClient, type HttpAnswer } from './http-client.js';

jest.setTimeout(120_000);

let harness: GatewayHarness;
let gateway: RunningService;
let http: HttpClient;

beforeAll(async () => {
  harness = await GatewayHarness.start();
  gateway = await harness.startGateway();
  http = new HttpClient(gateway.url);
});

afterAll(async () => {
  await gateway.close();
  await harness[Symbol.asyncDispose]();
});

/** The gateway still serves after every test. */
afterEach(async () => {
  expect((await http.post(endpoints.execute, call())).status).toBe(200);
});

const endpoints = {
  execute: '/v1/tools/crm_update_contact/execute',
  calls: '/v1/calls',
  hooks: '/v1/hooks/new_lead_created',
};
const everyEndpoint = Object.values(endpoints);

const call = (changes: object = {}): Record<string, unknown> => ({
  user_id: 'u1',
  agent: { id: 'agent', run_id: newId() },
  arguments: { email: 'ada@example.com' },
  ...changes,
});

function expectProblem(answer: HttpAnswer, status: number, code: string): void {
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
  expect(answer.body).toMatchObject({
    type: `urn:action-mesh:problem:${code}`,
    status,
    title: expect.any(String) as string,
    detail: expect.any(String) as string,
    fix: expect.any(String) as string,
  });
}

describe.each(everyEndpoint)('a body for %s', (path) => {
  it.each<[string, string | Uint8Array, string, string]>([
    ['is cut off', '{"a":{"b":', '/a/b', 'IJSON_SYNTAX'],
    ['has something after its end', '{} {}', '', 'IJSON_SYNTAX'],
    ['is JavaScript', "{a: 'b'}", '', 'IJSON_SYNTAX'],
    ['has a name twice', '{"a":{"b":1,"b":2}}', '/a/b', 'IJSON_DUPLICATE_NAME'],
    ['has a name twice, once in disguise', String.raw`{"ab":1,"\u0061b":2}`, '/ab', 'IJSON_DUPLICATE_NAME'],
    ['has a number beyond 2^53', '{"a":[9007199254740993]}', '/a/0', 'IJSON_NUMBER_RANGE'],
    ['has an infinite number', '{"a":1e999}', '/a', 'IJSON_NUMBER_RANGE'],
    ['has NaN', '{"a":NaN}', '/a', 'IJSON_SYNTAX'],
    ['has half a character', String.raw`{"a":"\ud800"}`, '/a', 'IJSON_LONE_SURROGATE'],
    ['has __proto__', '{"a":{"__proto__":{"admin":true}}}', '/a/__proto__', 'IJSON_FORBIDDEN_NAME'],
    ['is too deep', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, '/0'.repeat(32), 'IJSON_TOO_DEEP'],
    ['is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), '', 'IJSON_INVALID_UTF8'],
    ['has a byte order mark', Buffer.from('\ufeff{}'), '', 'IJSON_BYTE_ORDER_MARK'],
    ['is compressed', gzipSync('{}'), '', 'IJSON_INVALID_UTF8'],
  ])('that %s is refused with the place', async (_what, body, pointer, code) => {
    const answer = await http.post(path, body);
    expectProblem(answer, 400, 'invalid_json');
    expect(answer.body['errors']).toEqual([{ pointer, code, message: expect.any(String) as string }]);
  });

  it('that is missing or empty is refused', async () => {
    expectProblem(await http.post(path, ''), 400, 'body_missing');
    expectProblem(await http.request('POST', path, undefined), 400, 'body_missing');
  });

  it('that is too large is refused, with or without a declared length', async () => {
    const large = ' '.repeat(256 * 1024 + 1);
    expectProblem(await http.post(path, large), 413, 'body_too_large');
    expect(await sendChunked(path, large)).toContain('413 Payload Too Large');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'json',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/json; charset="utf-8',
    'application/json; charset=utf-8; charset=utf-16',
    'application/',
  ])('of type %s is refused', async (contentType) => {
    const answer = await http.post(path, '{}', { headers: { 'content-type': contentType } });
    expectProblem(answer, 415, 'media_type_not_supported');
  });
});

describe('a body in a content coding', () => {
  const text = JSON.stringify(call());

  it.each([
    ['gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ])('%s is decoded', async (coding, body) => {
    const headers = { 'content-encoding': coding, 'content-type': 'application/json; charset="UTF-8"' };
    const answer = await http.post(endpoints.execute, body, { headers });
    expect([answer.status, answer.body['status']]).toEqual([200, 'succeeded']);
  });

  it.each([
    [413, 'body_too_large', 'gzip', gzipSync(' '.repeat(50_000_000))],
    [413, 'body_too_large', 'br', brotliCompressSync(' '.repeat(50_000_000))],
    [400, 'invalid_content_coding', 'gzip', gzipSync(text).subarray(0, -9)],
    [400, 'invalid_content_coding', 'br', Buffer.from(text)],
    [415, 'content_coding_not_supported', 'zstd', Buffer.from(text)],
    [415, 'content_coding_not_supported', 'gzip, gzip', gzipSync(gzipSync(text))],
    [415, 'content_coding_not_supported', 'constructor', Buffer.from(text)],
  ])('is answered with %i %s', async (status, code, coding, body) => {
    const answer = await http.post(endpoints.execute, body, { headers: { 'content-encoding': coding } });
    expectProblem(answer, status, code);
    expect(answer.headers.get('accept-encoding')).toBe(status === 415 ? 'gzip, deflate, br' : null);
  });
});

describe('the form of a call', () => {
  it.each<unknown>([null, [], 'text', 7, true])('is not %j', async (body) => {
    expectProblem(await http.post(endpoints.execute, JSON.stringify(body)), 422, 'invalid_request');
  });

  it('is strict about every member', async () => {
    const answer = await http.post(endpoints.execute, {
      user_id: 7,
      agent: 'me',
      arguments: 'all',
      constructor: { prototype: {} },
    });
    expectProblem(answer, 422, 'invalid_request');
    const places = (answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(places.sort()).toEqual(['/agent', '/arguments', '/constructor', '/user_id']);
  });

  it.each<[string, object]>([
    ['invalid_arguments', { arguments: { email: ['ada@example.com'] } }],
    ['invalid_arguments', { arguments: { email: 'a', constructor: 1 } }],
    ['dedupe_scope_missing', { agent: { id: 'agent' } }],
    ['scope_needs_session_id', { scope: 'session' }],
    ['deadline_passed', { deadline: '2020-01-01T00:00:00Z' }],
  ])('refuses with %s', async (code, changes) => {
    expectProblem(await http.post(endpoints.execute, call(changes)), 422, code);
  });

  it.each([0, 501])('does not accept %i calls at once', async (count) => {
    const answer = await http.post(endpoints.calls, Array(count).fill({ user_id: 'u' }));
    expectProblem(answer, 422, 'too_many_calls');
  });

  it('answers each of many invalid calls in its place', async () => {
    const answer = await http.post(endpoints.calls, [null, 7, [], {}, 'x']);
    const entries = answer.body as unknown as { status: string; problem: { code: string } }[];
    expect(entries.map(({ problem }) => problem.code)).toEqual(Array(5).fill('invalid_request'));
  });
});

describe('headers', () => {
  it.each<[number, string, Record<string, string>, object]>([
    [400, 'preference_invalid', { prefer: 'wait=soon' }, {}],
    [400, 'idempotency_key_invalid', { 'idempotency-key': '"a", "b"' }, {}],
    [422, 'idempotency_key_mismatch', { 'idempotency-key': '"a"' }, { idempotency_key: 'b' }],
    [400, 'idempotency_key_invalid', { 'idempotency-key': '"abc\\xdef' }, {}],
    [431, 'header_too_large', { prefer: `wait=${' '.repeat(1_500)}""x` }, {}],
    [431, 'header_too_large', { 'idempotency-key': 'k'.repeat(1_025) }, {}],
    [431, 'header_too_large', { 'content-type': `application/json;a=${'b'.repeat(600)}` }, {}],
  ])('are refused with %i %s', async (status, code, headers, changes) => {
    expectProblem(await http.post(endpoints.execute, call(changes), { headers }), status, code);
  });

  it('one idempotency key cannot be for many calls', async () => {
    const answer = await http.post(endpoints.calls, [call()], { headers: { 'idempotency-key': '"a"' } });
    expectProblem(answer, 422, 'idempotency_key_on_batch');
  });

  it.each([
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  ])('the traceparent %j starts a new trace', async (traceparent) => {
    const answer = await http.post(endpoints.execute, call(), { headers: { traceparent } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('traceparent')).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe('the door', () => {
  it.each([
    ['no key', ''],
    ['a wrong key', 'Bearer wrong'],
    ['a longer key', `Bearer ${apiKey}-`],
    ['another scheme', 'Basic dGhlLWtleS1vZi10aGUtdGVzdDo='],
    ['two keys', `Bearer wrong, Bearer ${apiKey}`],
  ])('stays closed for %s at every address', async (_what, authorization) => {
    for (const path of [...everyEndpoint, '/v1/tools', '/v1/nothing', '/v1']) {
      const answer = await http.get(path, { headers: { authorization } });
      expectProblem(answer, 401, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
    expectProblem(
      await http.post(endpoints.execute, '{', { headers: { authorization } }),
      401,
      'unauthorized',
    );
  });

  it('needs no key for health', async () => {
    expect((await http.get('/health/live', { headers: { authorization: '' } })).status).toBe(200);
  });

  it('takes the scheme in any case', async () => {
    const headers = { authorization: `bearer ${apiKey}` };
    expect((await http.get('/v1/tools', { headers })).status).toBe(200);
  });
});

describe('addresses', () => {
  it.each(['/', '/v2/tools', '/v1/tools/a/b/c', '/v1/hooks'])('%s is nowhere', async (path) => {
    expectProblem(await http.get(path), 404, 'not_found');
  });

  it.each([
    ['DELETE', '/v1/calls', 'GET, HEAD, POST'],
    ['GET', endpoints.execute, 'POST'],
    ['PUT', '/v1/tools', 'GET, HEAD'],
    ['POST', '/v1/tools/a_tool', 'GET, HEAD'],
    ['PATCH', endpoints.hooks, 'POST'],
    ['DELETE', '/health/live', 'GET, HEAD'],
  ])('%s %s is answered with the allowed methods', async (method, path, allow) => {
    const answer = await http.request(method, path, undefined);
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it.each([
    ['/v1/tools/%zz', 400, 'bad_request'],
    [`/v1/tools/${'x'.repeat(2_001)}`, 414, 'address_too_long'],
    ['/v1/tools/..%2f..%2fetc', 404, 'tool_not_found'],
    ['/v1/tools/__proto__', 404, 'tool_not_found'],
    ['/v1/calls/..%2f..%2finternal', 404, 'call_not_found'],
    ['/v1/calls/%00', 400, 'bad_request'],
    ['/v1/tools?query=%00', 400, 'bad_request'],
    ['/v1/tools?%00=a', 400, 'bad_request'],
    ['/v1/toolkits/..%2ftools', 404, 'not_in_catalog'],
    ['/v1/toolkits/__proto__/overrides', 404, 'not_in_catalog'],
    ['/v1/tools?meta=true&limit=1', 422, 'invalid_request'],
  ])('%s is %i %s', async (path, status, code) => {
    expectProblem(await http.get(path), status, code);
  });
});

describe('a name that PostgreSQL cannot store', () => {
  it.each(['/v1/limits/%00', '/v1/limits/a%00b', '/v1/toolkits/%00/versions/%00'])(
    'is refused in DELETE %s',
    async (path) => expectProblem(await http.request('DELETE', path, undefined), 400, 'bad_request'),
  );
});

/** Sends a body without a length; returns the head of the answer. */
async function sendChunked(path: string, body: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    [
      `POST ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: Bearer ${apiKey}`,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      'Connection: close',
      '',
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ].join('\r\n'),
  );
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
    if (answer.includes('\r\n\r\n')) break;
  }
  socket.destroy();
  return answer;
}
