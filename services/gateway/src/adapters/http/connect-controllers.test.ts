import { newConnectToken, purposeKey, signConnectLink } from '@action-mesh/connections';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { FakeClock } from '@action-mesh/kernel/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { FakeConnectBroker } from '../../application/connect-broker.fake.js';
import { MeshUnavailableError } from '../../domain/gateway.errors.js';
import { connectCookies } from './connect-cookies.js';
import { ConnectAddresses, ConnectPagesController } from './connect-pages.controller.js';
import { ConnectSessionsController } from './connect-sessions.controller.js';
import { problemOf } from './problem-table.js';

const serviceKey = 'k'.repeat(48);
const clock = new FakeClock();
const tokenKey = purposeKey(serviceKey, 'connect-token');
const session = newConnectToken(tokenKey, 'session');
const state = newConnectToken(tokenKey, 'state');
const link = signConnectLink(
  purposeKey(serviceKey, 'connect-link'),
  { tenant_id: 'acme', user_id: 'ada', integration: 'github' },
  clock.now(),
);
const cookie = 'mesh-connect=abc; other=secret; __Host-mesh-connect=def; mesh-connectx=1';

interface Answered {
  status: number;
  body: string;
  readonly headers: Record<string, unknown>;
}

function stage() {
  const broker = new FakeConnectBroker();
  const answered: Answered = { status: 200, body: '', headers: {} };
  const reply = {
    code: (status: number) => ((answered.status = status), reply),
    header: (name: string, value: unknown) => ((answered.headers[name] = value), reply),
    headers: (values: object) => (Object.assign(answered.headers, values), reply),
    send: (body: unknown) => (
      (answered.body = typeof body === 'string' ? body : JSON.stringify(body)),
      reply
    ),
  } as unknown as FastifyReply;
  const pages = new ConnectPagesController(broker, new ConnectAddresses(serviceKey, clock));
  return { broker, answered, reply, pages, sessions: new ConnectSessionsController(broker) };
}

const browser = (url: string, more: object = {}): FastifyRequest =>
  ({
    headers: { cookie },
    raw: { url },
    method: 'GET',
    body: undefined,
    ...more,
  }) as unknown as FastifyRequest;

describe('a connect page', () => {
  it('passes the browser to the auth broker with our cookies alone', async () => {
    const { broker, pages, reply } = stage();
    const form = { body: Buffer.from('step=start&form_token=t') };
    await pages.show(session, browser('/'), reply);
    await pages.submit(session, browser('/', form), reply);
    await pages.showLink(link, browser('/'), reply);
    await pages.submitLink(link, browser('/', form), reply);
    await pages.finish(
      'acme',
      'github',
      browser(`/connect/callback/acme/github?code=a%26b&state=${state}`),
      reply,
    );
    const cookies = [
      { name: 'mesh-connect', value: 'abc' },
      { name: '__Host-mesh-connect', value: 'def' },
    ];
    const text = 'step=start&form_token=t';
    expect(broker.pages).toEqual([
      { page: 'session/show', request: { token: session, cookies } },
      { page: 'session/submit', request: { token: session, cookies, form: text } },
      { page: 'link/show', request: { token: link, cookies } },
      { page: 'link/submit', request: { token: link, cookies, form: text } },
      {
        page: 'callback',
        request: { tenant: 'acme', integration: 'github', query: `code=a%26b&state=${state}`, cookies },
      },
    ]);
  });

  it('at an invented address reaches no other service (CP2)', async () => {
    const { broker, pages, reply, answered } = stage();
    for (const token of [state, 'x'.repeat(54), '', `${session}x`]) {
      await pages.show(token, browser('/'), reply);
      expect(answered.status).toBe(404);
      await pages.submit(token, browser('/'), reply);
      await pages.showLink(token, browser('/'), reply);
      await pages.submitLink(`${link}x`, browser('/'), reply);
    }
    for (const query of ['', '?code=c', `?code=c&state=${session}`, `?code=c&state=${state}&state=x`]) {
      await pages.finish('acme', 'github', browser(`/connect/callback/acme/github${query}`), reply);
      expect(answered.status).toBe(400);
    }
    await pages.finish('../x', 'github', browser(`/?code=c&state=${state}`), reply);
    await pages.finish('acme', 'github', browser(`/?code=c&state=${state}`, { method: 'HEAD' }), reply);
    expect(broker.pages).toEqual([]);
  });

  it('runs no script, loads nothing, stands in no frame, and is kept nowhere (CP1)', async () => {
    const { broker, pages, reply, answered } = stage();
    const source = `sha256-${'A'.repeat(43)}=`;
    broker.reply = { status: 200, cookies: ['mesh-connect=x; HttpOnly'], html: 'x', style_source: source };
    await pages.show(session, browser('/'), reply);
    const headers = {
      'content-security-policy': `default-src 'none'; style-src '${source}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-type': 'text/html; charset=utf-8',
    };
    expect(answered.headers).toMatchObject({ ...headers, 'set-cookie': ['mesh-connect=x; HttpOnly'] });
    await pages.show('x', browser('/'), reply);
    const { 'content-security-policy': _policy, ...rest } = headers;
    expect(answered.headers).toMatchObject(rest);
    expect(String(answered.headers['content-security-policy'])).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
  });

  it('says to try again while the auth broker is down', async () => {
    const { broker, pages, reply, answered } = stage();
    broker.reply = new MeshUnavailableError('the broker is away');
    await pages.show(session, browser('/'), reply);
    expect(answered).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect(answered.body).toContain('<h1>Please try again in a minute</h1>');
  });

  it('is served to so many browsers at once, and not to more', async () => {
    const { broker, pages, reply, answered } = stage();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    broker.page = async (ask) => {
      broker.pages.push(ask);
      await held;
      return { status: 200, cookies: [], html: '' };
    };
    const all = Array.from({ length: 200 }, () => pages.show(session, browser('/'), reply));
    expect(answered.status).toBe(503);
    expect(broker.pages).toHaveLength(64);
    answer();
    await Promise.all(all);
    await pages.show(session, browser('/'), reply);
    expect(broker.pages).toHaveLength(65);
  });
});

describe('our cookies', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['mesh-connect', []],
    ['mesh-connect=', [{ name: 'mesh-connect', value: '' }]],
    [`mesh-connect=${'x'.repeat(201)}`, []],
    [
      Array.from({ length: 9 }, () => 'mesh-connect=x').join('; '),
      Array(4).fill({ name: 'mesh-connect', value: 'x' }),
    ],
  ])('are read from %j', (header, cookies) => expect(connectCookies(header)).toEqual(cookies));
});

const id = '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0001';
const view = {
  id,
  status: 'open',
  user_id: 'ada',
  integration: 'github',
  scopes: [],
  expires_at: '2026-11-30T10:00:00.000Z',
};

async function refusal(ask: Promise<unknown>): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    await ask;
  } catch (error) {
    return problemOf(error)?.problem as unknown as Readonly<Record<string, unknown>>;
  }
  return undefined;
}

describe('a connect session for a program', () => {
  const of = (users: readonly string[] | undefined, body: object = {}): FastifyRequest =>
    ({
      caller: { ...samplePrincipal({ tenantId: 'acme' }), users: users && new Set(users) },
      body: Buffer.from(JSON.stringify(body)),
    }) as unknown as FastifyRequest;

  it('is for the only user of the key where the request names none', async () => {
    const { broker, sessions, reply, answered } = stage();
    broker.answers = [{ status: 201, body: { ...view, url: 'https://mesh.example/connect/x' } }];
    await sessions.create(of(['ada'], { integration: 'github' }), reply);
    expect(broker.sessions[0]).toMatchObject({
      method: 'POST',
      body: { integration: 'github', user_id: 'ada' },
    });
    expect(answered).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } });
  });

  it.each([
    [['ada', 'bob'], {}, 'invalid_request'],
    [undefined, {}, 'invalid_request'],
    [['ada'], { user_id: 'bob' }, 'user_not_allowed'],
    [[], { user_id: 'bob' }, 'user_not_allowed'],
  ])('of a key for %j is refused for %j with %s', async (users, body, code) => {
    const { broker, sessions, reply } = stage();
    expect(await refusal(sessions.create(of(users, body), reply))).toMatchObject({ code });
    expect(broker.sessions).toEqual([]);
  });

  it('of another user is unknown, also to a completion', async () => {
    const { broker, sessions, reply } = stage();
    broker.answers = [
      { status: 200, body: view },
      { status: 200, body: view },
    ];
    const found = refusal(sessions.find(id, { wait: '5' }, of(['bob']), reply));
    expect(await found).toMatchObject({ status: 404, code: 'connect_session_not_found' });
    const completed = refusal(sessions.complete(id, of(['bob'], { completion: 'x' }), reply));
    expect(await completed).toMatchObject({ status: 404, code: 'connect_session_not_found' });
    expect(broker.sessions.map(({ method, waitS }) => [method, waitS])).toEqual([
      ['GET', undefined],
      ['GET', undefined],
    ]);
  });

  it('waits for a change for up to 60 s', async () => {
    const { broker, sessions, reply, answered } = stage();
    broker.answers = [
      { status: 200, body: view },
      { status: 200, body: { ...view, status: 'completed' } },
    ];
    await sessions.find(id, { wait: '60' }, of(['ada']), reply);
    expect(broker.sessions[1]).toMatchObject({ method: 'GET', path: [id], waitS: 60 });
    expect(answered.body).toContain('completed');
    for (const wait of ['61', '-1', '1.5', 'x'])
      expect(await refusal(sessions.find(id, { wait }, of(['ada']), reply))).toMatchObject({ status: 422 });
  });

  it.each([
    [404, 404, 'connect_session_not_found'],
    [409, 409, 'identity_conflict'],
    [403, 403, 'right_missing'],
    [422, 422, 'invalid_request'],
  ])('passes on a refusal with %i as %i %s', async (status, answered, code) => {
    const { broker, sessions, reply } = stage();
    broker.answers = [{ status, body: { message: 'it is so' } }];
    const refused = await refusal(sessions.create(of(['ada'], {}), reply));
    expect(refused).toMatchObject({ status: answered, code, fix: expect.any(String) as string });
  });

  it('with an impossible id reaches no service', async () => {
    const { broker, sessions, reply } = stage();
    expect(await refusal(sessions.find('x', {}, of(undefined), reply))).toMatchObject({ status: 404 });
    expect(broker.sessions).toEqual([]);
  });
});
