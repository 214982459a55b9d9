import { newId } from '@action-mesh/kernel';
import {
  OtlpReceiver,
  startQuirkServer,
  waitFor,
  type QuirkServer,
  type ReceivedSpan,
} from '@action-mesh/testing';

import pg from 'pg';

import { connectAccount, walkConnectPages } from '../src/connect-account.js';
import { newTenantKey } from '../src/tenant-key.js';
import { ask, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';
import { exportedTexts, exportingTo } from './exported-texts.js';
import { storedTexts } from './stored-texts.js';

const clientSecret = 'canary-secret-of-the-crm-client';

let server: QuirkServer;
let receiver: OtlpReceiver;
let harness: MeshHarness;

beforeAll(async () => {
  server = await startQuirkServer({ rotation: 'strict', idToken: true }, { mesh: clientSecret });
  receiver = await OtlpReceiver.open();
  harness = await startMesh({
    providerUrls: { in_header: server.endpoints.api },
    variables: exportingTo(receiver),
  });
  await setUp(harness.mesh.apiKey);
}, 120_000);

afterAll(async () => {
  await harness.close();
  await server[Symbol.asyncDispose]();
  await receiver.close();
}, 60_000);

async function setUp(key: string, secret = clientSecret): Promise<void> {
  const { status, body } = await as(key, 'PUT', '/v1/integrations/crm', {
    provider: 'oauth2',
    client_id: 'mesh',
    client_secret: secret,
    scopes: ['api:read', 'api:write'],
    settings: { issuer: server.url },
    serves: ['in_header'],
    hosts: [server.host],
    base_url: server.endpoints.api,
  });
  expect([status, body]).toEqual([200, expect.objectContaining({ integration: 'crm' })]);
}

function as(key: string, method: string, path: string, body?: unknown): Promise<GatewayAnswer> {
  return ask(harness.mesh, method, path, body, { authorization: `Bearer ${key}` });
}

const consent = (account: string) => async (url: string) =>
  (await fetch(`${url}&login_hint=${account}`, { redirect: 'manual' })).headers.get('location') ?? '';

function connect(userId: string, account: string, apiKey = harness.mesh.apiKey): Promise<string> {
  const { gatewayUrl } = harness.mesh;
  return connectAccount({ gatewayUrl, apiKey, userId, integration: 'crm', consent: consent(account) });
}

function write(
  userId: string,
  id: string,
  key = harness.mesh.apiKey,
  headers: Record<string, string> = {},
): Promise<GatewayAnswer> {
  const body = { user_id: userId, agent: { id: 'tester', run_id: id }, arguments: { id } };
  return ask(harness.mesh, 'POST', '/v1/tools/in_header_write/execute', body, {
    authorization: `Bearer ${key}`,
    prefer: 'wait=20',
    ...headers,
  });
}

async function changeRow(statement: string, values: readonly unknown[]): Promise<void> {
  const client = new pg.Client(harness.databaseUrl);
  await client.connect();
  try {
    await client.query(statement, [...values]);
  } finally {
    await client.end();
  }
}

function isIn(spans: readonly ReceivedSpan[], name: string): boolean {
  return spans.some((span) => span.name === name);
}

/** The names of the spans above the first one of this name. */
function above(spans: readonly ReceivedSpan[], name: string): readonly string[] {
  const names: string[] = [];
  let span = spans.find((each) => each.name === name);
  while (span !== undefined) {
    const { parentSpanId } = span;
    span = spans.find(({ spanId }) => spanId === parentSpanId);
    if (span !== undefined) names.push(span.name);
  }
  return names;
}

/** The accounts of the requests for an item, as the provider saw them. A refused request has none. */
function accountsAt(id: string): readonly (string | undefined)[] {
  return server.record.calls.filter(({ path }) => path === `/api/${id}`).map(({ account }) => account);
}

async function viewOf(callId: unknown): Promise<Record<string, unknown>> {
  return (await ask(harness.mesh, 'GET', `/v1/calls/${String(callId)}`)).body;
}

async function ended(callId: unknown): Promise<Record<string, unknown>> {
  let view: Record<string, unknown> = {};
  await waitFor(
    async () => {
      view = await viewOf(callId);
      return view['ended_at'] !== undefined;
    },
    { what: 'the end of the call', timeoutMs: 60_000 },
  );
  return view;
}

it('waits for the account of its user, and continues by itself within 1 s of the connection', async () => {
  const id = newId();
  const { body } = await write('ada', id);
  expect(body).toMatchObject({
    status: 'waiting',
    attempts: 0,
    waiting: {
      reason: 'awaiting_auth',
      connect_url: expect.stringMatching(/^http.*\/connect\/link\//) as string,
    },
  });
  expect(accountsAt(id)).toEqual([]);
  const { connect_url: startUrl } = body['waiting'] as { readonly connect_url: string };
  const { gatewayUrl } = harness.mesh;
  await walkConnectPages({ gatewayUrl, startUrl, consent: consent('ada-at-crm') });
  const view = await ended(body['call_id']);
  expect(view).toMatchObject({ state: 'SUCCEEDED', attempts: 1 });
  expect(accountsAt(id)).toEqual(['ada-at-crm']);
  const { connections } = (await ask(harness.mesh, 'GET', '/v1/connections?user_id=ada')).body as {
    readonly connections: readonly { readonly created_at: string }[];
  };
  const waitedMs = Date.parse(String(view['ended_at'])) - Date.parse(connections[0]?.created_at ?? '');
  expect(waitedMs).toBeLessThan(1_000);
}, 120_000);

it('acts as the account of each user of each tenant', async () => {
  const globex = await newTenantKey(harness.mesh, 'globex');
  await setUp(globex);
  await connect('eve', 'eve-at-crm');
  await connect('ada', 'ada-of-globex', globex);
  const ids = [newId(), newId(), newId()] as const;
  const answers = await Promise.all([
    write('eve', ids[0]),
    write('ada', ids[1]),
    write('ada', ids[2], globex),
  ]);
  expect(answers.map(({ body }) => body['status'])).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(ids.map(accountsAt)).toEqual([['eve-at-crm'], ['ada-at-crm'], ['ada-of-globex']]);
}, 120_000);

it('sends once more with a fresh token after the provider refused one', async () => {
  server.behave({ rotation: 'strict', idToken: true, accessTokenMs: 1 });
  const connectionId = await connect('bob', 'bob-at-crm');
  server.behave({ rotation: 'strict', idToken: true });
  // A refused token that is a minute old or less is not refreshed: that would not help.
  await changeRow(
    `UPDATE auth_broker.connection SET issued_at = issued_at - interval '5 min' WHERE id = $1`,
    [connectionId],
  );
  const id = newId();
  const traceId = id.replaceAll('-', '');
  const traceparent = `00-${traceId}-${traceId.slice(16)}-01`;
  const { body } = await write('bob', id, harness.mesh.apiKey, { traceparent });
  expect(body).toMatchObject({ status: 'succeeded' });
  expect(accountsAt(id)).toEqual([undefined, 'bob-at-crm']);
  const ofTrace = (): readonly ReceivedSpan[] => receiver.spans.filter((span) => span.traceId === traceId);
  await waitFor(() => ['refresh token', 'lease token'].every((name) => isIn(ofTrace(), name)), {
    what: 'the spans of the refresh',
    timeoutMs: 20_000,
  });
  await waitFor(() => above(ofTrace(), 'refresh token').includes('lease token'), {
    what: 'the way from the refresh up to the wait of the call (I14)',
    timeoutMs: 20_000,
  });
  expect(ofTrace().find(({ name }) => name === 'refresh token')).toMatchObject({
    status: 0,
    attributes: {
      'mesh.integration': 'crm',
      'mesh.refresh.result': 'refreshed',
      'mesh.connection.id': connectionId,
      'user.id': 'bob',
    },
  });
  const [metrics] = await exportedTexts(harness.mesh, receiver, ['auth-broker']).then((texts) =>
    texts.filter(({ place }) => place.startsWith('metrics')),
  );
  expect(metrics?.text).toMatch(
    /^mesh_token_refreshes_total\{[^}]*integration="crm",result="refreshed"[^}]*\} [1-9]/m,
  );
}, 120_000);

it('sends a proxied request once, with the account of its user alone', async () => {
  await connect('flo', 'flo-at-crm');
  const path = `/${newId()}`;
  const send = (userId: string, more: object = {}): Promise<GatewayAnswer> =>
    ask(
      harness.mesh,
      'POST',
      '/v1/proxy/crm',
      {
        user_id: userId,
        agent: { id: 'tester', run_id: path },
        method: 'POST',
        path,
        body: { n: 1 },
        ...more,
      },
      { prefer: 'wait=20' },
    );
  const [first, second] = await Promise.all([send('flo'), send('flo')]);
  expect([first.body['status'], second.body['status']]).toEqual(['succeeded', 'succeeded']);
  expect(accountsAt(path.slice(1))).toEqual(['flo-at-crm']);
  const view = JSON.stringify(await viewOf(first.body['call_id']));
  expect(view).toContain(path);
  expect(view).not.toMatch(/bearer [a-z0-9]/i);
  const without = await send('gus', { path: `${path}-2` });
  expect(without.body).toMatchObject({ status: 'waiting', waiting: { reason: 'awaiting_auth' } });
  const elsewhere = await send('flo', { path: '/../../outside' });
  expect([elsewhere.status, elsewhere.body['code']]).toEqual([422, 'invalid_request']);
  expect(accountsAt(`${path.slice(1)}-2`)).toEqual([]);
}, 120_000);

it('continues calls that wait for the client of the mesh once its secret is right', async () => {
  await connect('hal', 'hal-at-crm');
  await setUp(harness.mesh.apiKey, 'canary-secret-that-is-wrong');
  await changeRow(
    `UPDATE auth_broker.connection SET expires_at = now() - interval '1 s' WHERE user_id = 'hal'`,
    [],
  );
  const id = newId();
  const { body } = await write('hal', id);
  expect(body).toMatchObject({ status: 'waiting', attempts: 0 });
  await setUp(harness.mesh.apiKey);
  expect(await ended(body['call_id'])).toMatchObject({ state: 'SUCCEEDED' });
  expect(accountsAt(id)).toEqual(['hal-at-crm']);
}, 120_000);

it('continues a waiting call after its executor was killed', async () => {
  const id = newId();
  const { body } = await write('carol', id);
  expect(body).toMatchObject({ status: 'waiting', waiting: { reason: 'awaiting_auth' } });
  await harness.mesh.kill('executor');
  await connect('carol', 'carol-at-crm');
  await harness.mesh.start('executor');
  expect(await ended(body['call_id'])).toMatchObject({ state: 'SUCCEEDED', attempts: 1 });
  expect(accountsAt(id)).toEqual(['carol-at-crm']);
}, 120_000);

it('revokes at the provider when a user disconnects, and uses the account no more', async () => {
  const connectionId = await connect('dan', 'dan-at-crm');
  const before = server.record.requestsTo('revocation').length;
  expect((await ask(harness.mesh, 'DELETE', `/v1/connections/${connectionId}`)).status).toBeLessThan(300);
  const id = newId();
  expect((await write('dan', id)).body).toMatchObject({ status: 'waiting' });
  expect(accountsAt(id)).toEqual([]);
  await waitFor(() => server.record.requestsTo('revocation').length > before, {
    what: 'the revocation',
    timeoutMs: 30_000,
  });
}, 120_000);

it('keeps tokens, codes, verifiers and client secrets out of records, rows, logs, spans and metrics', async () => {
  const secrets = new Set([clientSecret]);
  for (const { parameters, headers } of server.record.requests) {
    for (const name of ['code', 'code_verifier', 'refresh_token', 'token', 'client_secret'])
      if (parameters[name] !== undefined) secrets.add(parameters[name]);
    const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) secrets.add(bearer);
  }
  expect(secrets.size).toBeGreaterThan(20);
  const { mesh } = harness;
  expect(isIn(receiver.spans, 'connect consent') && isIn(receiver.spans, 'connect save')).toBe(true);
  const places = [
    ...(await storedTexts(harness)),
    ...(await exportedTexts(mesh, receiver, ['gateway', 'executor', 'auth-broker'])),
    { place: 'logs', text: mesh.output },
  ];
  const found = places.filter(({ text }) =>
    [...secrets].some((secret) =>
      [secret, Buffer.from(secret).toString('base64').slice(0, -3), Buffer.from(secret).toString('hex')].some(
        (form) => text.includes(form),
      ),
    ),
  );
  expect(found.map(({ place }) => place)).toEqual([]);
}, 120_000);
