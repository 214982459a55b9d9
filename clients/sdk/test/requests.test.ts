import { inspect } from 'node:util';

import {
  ActionMesh,
  AuthenticationError,
  ConnectionFailedError,
  InvalidRequestError,
  MeshConfigurationError,
  MeshError,
  MeshFailureError,
  NotFoundError,
  RequestTimeoutError,
  TooManyRequestsError,
  UnexpectedAnswerError,
} from '../src/index.js';
import { AnsweringServer, breaks, json, problem } from './answering-server.js';

const apiKey = 'mesh_test_canary-of-the-key';
let server: AnsweringServer;
let mesh: ActionMesh;

beforeAll(async () => {
  server = await AnsweringServer.start();
  mesh = new ActionMesh({ baseUrl: server.url, apiKey });
});

afterAll(() => server[Symbol.asyncDispose]());

const succeeded = { call_id: 'c', status: 'succeeded', result: { ok: true } };
const execute = (options: object = {}): Promise<unknown> =>
  mesh.tools.execute('post_message', { text: 'x' }, { userId: 'ada', ...options });
const bodies = (): Record<string, unknown>[] =>
  server.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

describe('a request that may have arrived', () => {
  it('is sent again with the same id, after a break and after 502, 503 and 504', async () => {
    server.prepare(breaks, problem(503, 'mesh_unavailable'), json(502, '<html>'), json(200, succeeded));
    expect(await execute()).toEqual(succeeded);
    const ids = bodies().map(({ call_id }) => call_id);
    expect([new Set(ids).size, ids.length]).toEqual([1, 4]);
    expect(bodies()[0]).toMatchObject({ idempotency_key: ids[0] });
  });

  it('is not sent again when the mesh cannot recognize it', async () => {
    server.prepare(breaks);
    await expect(mesh.keys.create({ role: 'agent' })).rejects.toThrow(ConnectionFailedError);
    expect(server.requests).toHaveLength(1);
  });

  it('keeps the idempotency key, the run and the scope of the caller', async () => {
    server.prepare(json(200, succeeded), json(200, succeeded), json(200, succeeded));
    await execute({ runId: 'r1' });
    await execute({ idempotencyKey: 'k1' });
    await execute({ sessionId: 's1' });
    const [run, key, session] = bodies();
    expect(run).toMatchObject({ agent: { id: 'sdk', run_id: 'r1' } });
    expect(run).not.toHaveProperty('idempotency_key');
    expect(key).toMatchObject({ idempotency_key: 'k1' });
    expect(session).toMatchObject({ scope: 'session' });
    expect(session).not.toHaveProperty('idempotency_key');
  });
});

describe('a request that was not processed', () => {
  it('is sent again after the Retry-After of a 429, whatever it is', async () => {
    const startedMs = performance.now();
    server.prepare(problem(429, 'quota_spent', {}, { 'retry-after': '1' }), json(201, { id: 'k' }));
    expect(await mesh.keys.create({ role: 'agent' })).toEqual({ id: 'k' });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(999);
  });

  it('is not sent again when the wait is longer than the caller has', async () => {
    server.prepare(problem(429, 'quota_spent', {}, { 'retry-after': '60' }));
    const error = await mesh.me().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TooManyRequestsError);
    expect(error).toMatchObject({ code: 'quota_spent', retryAfterMs: 60_000, status: 429 });
    expect(server.requests).toHaveLength(1);
  });

  it('is not sent again after another refusal', async () => {
    server.prepare(
      problem(422, 'invalid_arguments', { errors: [{ pointer: '/arguments/text', message: 'too long' }] }),
    );
    const error = await execute().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ issues: [{ pointer: '/arguments/text', message: 'too long' }] });
    expect(String(error)).toContain('/arguments/text: too long');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a wait for a call', () => {
  const unknown = problem(404, 'call_not_found');
  const cursor = json(200, { outcomes: [], cursor: 'x' });

  it('goes on when another gateway has just accepted the call', async () => {
    const outcome = { call_id: 'c', status: 'succeeded' };
    server.prepare(cursor, unknown, cursor, json(200, { call_id: 'c', outcome }));
    expect(await mesh.calls.wait('c')).toEqual(outcome);
    expect(server.requests[2]?.url).toContain('wait=1');
    const accepted = { call_id: 'c', status: 'accepted' };
    const late: typeof cursor = (...given) => void setTimeout(() => cursor(...given), 1_000);
    server.prepare(json(202, accepted), cursor, unknown, late, unknown);
    expect(await execute({ waitMs: 1_500 })).toEqual(accepted);
  });

  it('ends with an error for a call that the mesh does not know', async () => {
    server.prepare(cursor, unknown);
    const error = await mesh.calls.wait('c', { waitMs: 500 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ callId: 'c' });
  });
});

describe('an error', () => {
  it('has the code, the status, the fixes and the ids of the answer', async () => {
    const more = { fix: 'Use another key.', trace_id: 't1', call_id: 'c1' };
    server.prepare(problem(401, 'unauthorized', more, { 'x-request-id': 'q1' }));
    const error = await mesh.me().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toBeInstanceOf(MeshError);
    expect(error).toMatchObject({
      name: 'AuthenticationError',
      code: 'unauthorized',
      status: 401,
      fixes: ['Use another key.'],
      traceId: 't1',
      callId: 'c1',
      requestId: 'q1',
    });
  });

  it('after the acceptance of a call has its id, and before it when the call may have arrived', async () => {
    const forbidden = problem(403, 'scope_missing');
    const accepted = json(202, { call_id: 'c7', status: 'accepted' });
    server.prepare(accepted, forbidden, accepted, forbidden);
    await expect(execute()).rejects.toMatchObject({ code: 'scope_missing', callId: 'c7' });
    await expect(mesh.calls.compensate('c1')).rejects.toMatchObject({ code: 'scope_missing', callId: 'c7' });
    server.prepare(accepted, forbidden);
    const corrected = mesh.deadLetters.correct('c1', { arguments: {} }, { waitMs: 40_000 });
    await expect(corrected).rejects.toMatchObject({ code: 'scope_missing', callId: 'c7' });
    expect(server.requests[0]?.headers['prefer']).toBe('wait=30');
    server.prepare(breaks, breaks, breaks, breaks);
    const lost = await execute().catch((thrown: unknown) => thrown);
    expect(lost).toMatchObject({ code: 'connection_failed', callId: bodies()[0]?.['call_id'] });
    server.prepare(problem(422, 'invalid_arguments'));
    await expect(execute()).rejects.toMatchObject({ callId: undefined });
  });

  it('says that an address is no mesh', async () => {
    server.prepare(json(404, '<html>not here</html>', { 'content-type': 'text/html' }), json(200, '<html>'));
    await expect(mesh.me()).rejects.toThrow(UnexpectedAnswerError);
    await expect(mesh.me()).rejects.toThrow(UnexpectedAnswerError);
  });

  it('and the client show no key, also when they are inspected', async () => {
    server.prepare(breaks, breaks, breaks, breaks, problem(500, 'internal_error'));
    const errors = [
      await mesh.me().catch((e: unknown) => e),
      await mesh.keys.list().catch((e: unknown) => e),
    ];
    expect(errors).toEqual([expect.any(ConnectionFailedError), expect.any(MeshFailureError)]);
    const shown =
      inspect([mesh, errors], { depth: Infinity, showHidden: true }) + JSON.stringify([mesh, errors]);
    expect(shown).not.toContain('canary');
    expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${apiKey}`)).toBe(true);
  });

  it('follows no redirect, so that the key stays with the mesh', async () => {
    server.prepare((response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end());
    await expect(mesh.me()).rejects.toThrow(UnexpectedAnswerError);
  });
});

describe('the end of a request', () => {
  const hangs = (): void => undefined;

  it('comes with its time', async () => {
    server.prepare(hangs);
    await expect(mesh.me({ timeoutMs: 50 })).rejects.toThrow(RequestTimeoutError);
  });

  it('comes with the signal of the caller, also in a pause, with the reason of the signal', async () => {
    server.prepare(problem(429, 'quota_spent', {}, { 'retry-after': '20' }));
    const reason = new Error('enough');
    const controller = new AbortController();
    const request = mesh.me({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    await expect(request).rejects.toBe(reason);
    await expect(mesh.me({ signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('hooks', () => {
  it('see each call, may change its arguments, and see its answer', async () => {
    const seen: unknown[] = [];
    const hooked = new ActionMesh({
      baseUrl: server.url,
      apiKey,
      hooks: {
        before: ({ slug }) => ({ text: `${slug}!` }),
        after: (call, answer) => void seen.push(call.arguments, answer),
      },
    });
    server.prepare(json(200, succeeded));
    await hooked.tools.execute('post_message', { text: 'x' }, { userId: 'ada' });
    expect(bodies()[0]).toMatchObject({ arguments: { text: 'post_message!' } });
    expect(seen).toEqual([{ text: 'post_message!' }, succeeded]);
  });
});

describe('the options of a client', () => {
  it.each([
    [{ apiKey: '' }, 'MESH_KEY'],
    [{ apiKey: 'secret\nkey' }, 'MESH_KEY'],
    [{ apiKey, baseUrl: 'http://user:secret@mesh' }, 'MESH_URL'],
    [{ apiKey, baseUrl: 'secret' }, 'MESH_URL'],
    [{ apiKey, timeoutMs: 0 }, 'timeoutMs'],
  ])('are refused by name and never by value: %j', (options, name) => {
    const make = (): ActionMesh => new ActionMesh(options);
    expect(make).toThrow(MeshConfigurationError);
    try {
      make();
    } catch (error) {
      const { message, fixes } = error as MeshError;
      expect([message, ...fixes].join(' ')).toContain(name);
      expect([message, ...fixes].join(' ')).not.toContain('secret');
    }
  });
});
