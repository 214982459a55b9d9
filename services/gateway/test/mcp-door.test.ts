import { connect, type Socket } from 'node:net';

import { scopeNames, type KeyIdentity } from '@action-mesh/contracts/auth-broker';
import { sampleKey, SampleIssuer, sampleTenant } from '@action-mesh/identity/testing';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';
import { modernRequest, plainRequest } from './mcp-host.js';
import { rawRequest } from './raw-request.js';
import { silentTelemetry } from './silent-telemetry.js';

const publicUrl = 'https://mesh.example.com';
const loginUrl = 'https://login.acme.example';
const resource = `${publicUrl}/mcp`;
const metadataUrl = `${publicUrl}/.well-known/oauth-protected-resource/mcp`;

interface Door {
  readonly gateway: RunningService;
  readonly directory: ReturnType<typeof composeGateway>['directory'];
}

const stop = new AbortController();

/** A gateway without the rest of the mesh: the door decides before it asks another service. */
async function openDoor(more: Readonly<Record<string, string>> = {}): Promise<Door> {
  const logger = createLogger({ service: 'gateway', level: 'silent' });
  const config = gatewayConfig({
    KAFKA_BROKERS: '127.0.0.1:1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    MESH_SERVICE_KEY: 'k'.repeat(48),
    MESH_PUBLIC_URL: publicUrl,
    GATEWAY_TENANT_STREAMS: '3',
    ...more,
  });
  const { directory, module, http } = composeGateway(config, logger, stop.signal, silentTelemetry);
  directory.put(sampleTenant('acme', { issuers: [issuer.identity] }));
  directory.put(sampleTenant('globex', { issuers: [otherIssuer.identity] }));
  directory.complete();
  return { directory, gateway: await startService({ name: 'gateway', module, port: 0, logger, http }) };
}

let issuer: SampleIssuer;
let otherIssuer: SampleIssuer;
let door: Door;
let keysOnly: Door;

beforeAll(async () => {
  [issuer, otherIssuer] = [await SampleIssuer.of('acme'), await SampleIssuer.of('globex')];
  door = await openDoor({ GATEWAY_AUTHORIZATION_SERVERS: loginUrl });
  keysOnly = await openDoor();
});

afterAll(async () => {
  stop.abort(new Error('the test is over'));
  await Promise.all([door.gateway.close(), keysOnly.gateway.close()]);
});

function known({ directory }: Door, more: Partial<KeyIdentity> = {}): string {
  const { key, identity } = sampleKey('acme', { scopes: [...scopeNames], ...more });
  directory.put(identity);
  return key;
}

const discover = modernRequest(1, 'server/discover');

async function ask(
  key: string,
  {
    headers,
    message,
  }: { readonly headers?: Record<string, string>; readonly message: object | string } = discover,
  { gateway }: Door = door,
) {
  return plainRequest(gateway.url, { key, ...(headers === undefined ? {} : { headers }) }, message);
}

describe('the metadata of the resource (RFC 9728)', () => {
  it.each(['', '/mcp'])('is at the well-known address with the end "%s"', async (end) => {
    const answer = await fetch(`${door.gateway.url}/.well-known/oauth-protected-resource${end}`);
    expect(await answer.json()).toEqual({
      resource,
      authorization_servers: [loginUrl],
      scopes_supported: ['tools:read', 'calls:write', 'calls:read'],
      bearer_methods_supported: ['header'],
      resource_name: 'Action Mesh',
    });
  });

  it('is missing without an authorization server', async () => {
    const answer = await rawRequest(keysOnly.gateway.url, 'GET', '/.well-known/oauth-protected-resource/mcp');
    expect([answer.status, answer.code]).toEqual([404, 'not_found']);
    const challenged = await rawRequest(keysOnly.gateway.url, 'POST', '/mcp');
    expect(challenged.headers).not.toContain('resource_metadata');
  });

  it('is in the challenge of every refused host, and of no other caller', async () => {
    const refused = [await rawRequest(door.gateway.url, 'POST', '/mcp'), (await ask('nonsense')).headers];
    const [none, wrong] = refused as [{ headers: string }, Headers];
    expect(none.headers).toContain(
      `www-authenticate: bearer realm="action-mesh", resource_metadata="${metadataUrl}"`,
    );
    expect(wrong.get('www-authenticate')).toContain(
      `error="invalid_token", resource_metadata="${metadataUrl}"`,
    );
    expect((await rawRequest(door.gateway.url, 'GET', '/v1/me')).headers).not.toContain('resource_metadata');
  });

  it('is in the challenge for more scopes, with all that the request needs', async () => {
    const listing = await ask(known(door, { scopes: [] }));
    expect([listing.status, listing.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer realm="action-mesh", error="insufficient_scope", scope="tools:read", resource_metadata="${metadataUrl}"`,
    ]);
    const call = modernRequest(1, 'tools/call', { name: 'any', arguments: {} });
    const calling = await ask(known(door, { scopes: ['tools:read'] }), call);
    expect([calling.status, calling.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer realm="action-mesh", error="insufficient_scope", scope="tools:read calls:write", resource_metadata="${metadataUrl}"`,
    ]);
    for (const [method, scope] of [
      ['tasks/get', 'calls:read'],
      ['tasks/cancel', 'calls:write'],
    ] as const) {
      const answer = await ask(
        known(door, { scopes: ['tools:read'] }),
        modernRequest(1, method, { taskId: 'x' }),
      );
      expect([answer.status, answer.body['scope']]).toEqual([403, scope]);
    }
  });
});

describe('an access token', () => {
  it('opens /mcp for its audience, and no other route (CG4)', async () => {
    const token = await issuer.token('ada', { aud: resource });
    expect((await ask(token)).status).toBe(200);
    expect((await ask(await issuer.token('ada', { aud: [`${publicUrl}/userinfo`, resource] }))).status).toBe(
      200,
    );
    const me = await fetch(`${door.gateway.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).toBe(401);
    expect((await ask(token, discover, keysOnly)).status).toBe(401);
  });

  it('is refused for another audience, issuer, signature or time', async () => {
    const past = Math.floor(Date.now() / 1_000) - 900;
    for (const token of [
      await issuer.token('ada', { aud: 'https://other.example.com/mcp' }),
      await issuer.token('ada', { aud: `${resource}/` }),
      await issuer.token('ada', { aud: resource, iss: 'https://unknown.example' }),
      await otherIssuer.token('ada', { aud: resource, iss: issuer.identity.issuer }),
      await issuer.token('ada', { aud: resource, iat: past, exp: past + 60 }),
      `${(await issuer.token('ada', { aud: resource })).slice(0, -4)}AAAA`,
    ])
      expect((await ask(token)).status).toBe(401);
  });

  it('has the scopes that it names', async () => {
    const token = await issuer.token('ada', { aud: resource, scope: 'tools:read' });
    const call = modernRequest(1, 'tools/call', { name: 'any', arguments: {} });
    expect([(await ask(token)).status, (await ask(token, call)).status]).toEqual([200, 403]);
  });

  it('of an issuer that two tenants trust selects none (D6)', async () => {
    const shared = await openDoor({ GATEWAY_AUTHORIZATION_SERVERS: loginUrl });
    shared.directory.put(sampleTenant('globex', { issuers: [issuer.identity] }));
    expect((await ask(await issuer.token('ada', { aud: resource }), discover, shared)).status).toBe(401);
    expect((await ask(await issuer.token('ada'), discover, shared)).status).toBe(200);
    await shared.gateway.close();
  });
});

describe('a browser that another site leads here', () => {
  it.each([
    [{ host: 'rebound.example' }, 421, 'host_not_served'],
    [{ origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
    [{ origin: 'null' }, 403, 'origin_not_allowed'],
  ])('is refused at /mcp with %j (OG1, OG2)', async (headers, status, code) => {
    const answer = await rawRequest(door.gateway.url, 'POST', '/mcp', {
      authorization: `Bearer ${known(door)}`,
      ...headers,
    });
    expect([answer.status, answer.code]).toEqual([status, code]);
  });
});

describe('a hostile message (MH1)', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

  it.each<[string, object | string, number, RegExp]>([
    ['an array of messages', [list, list], -32_600, /batches are not served/],
    ['an empty array', [], -32_600, /batches/],
    ['broken JSON', '{"jsonrpc":"2.0",', -32_700, /not I-JSON/],
    ['no body', '', -32_700, /not I-JSON/],
    ['a member twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}', -32_700, /not I-JSON/],
    ['an inexact number', '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', -32_700, /not I-JSON/],
    [
      '__proto__',
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{}}}',
      -32_700,
      /not I-JSON/,
    ],
    ['depth', `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${nested(40)}}}`, -32_700, /not I-JSON/],
    ['no object', '7', -32_600, /no JSON object/],
    ['no method', { jsonrpc: '2.0', id: 1, result: {} }, -32_600, /no method/],
    ['an id that is no name', { ...list, id: { a: 1 } }, -32_600, /id must be/],
    ['a long id', { ...list, id: 'x'.repeat(201) }, -32_600, /id must be/],
    ['parameters in an array', { ...list, params: [] }, -32_600, /params is no JSON object/],
    ['_meta that is a text', { ...list, params: { _meta: 'x' } }, -32_600, /_meta is no JSON object/],
  ])('with %s is refused', async (_what, message, code, text) => {
    const { status, body } = await ask(known(door), { message });
    expect([status, body['error']]).toEqual([400, { code, message: expect.stringMatching(text) as string }]);
  });

  it('with too large a body or header is refused', async () => {
    const body = JSON.stringify({ ...list, params: { a: 'x'.repeat(300_000) } });
    expect((await ask(known(door), { message: body })).status).toBe(413);
    for (const header of ['mesh-user-id', 'mesh-run-id', 'mcp-session-id', 'mcp-name'])
      expect(
        (await ask(known(door), { headers: { [header]: 'x'.repeat(2_000) }, message: list })).status,
      ).toBe(431);
  });

  it('with a header beyond ASCII or a wrong toolset is refused with the way out', async () => {
    const named = await ask(known(door), { headers: { 'mesh-user-id': 'Zoë' }, message: list });
    expect([named.status, named.body['fix']]).toEqual([422, expect.stringContaining('_meta')]);
    for (const query of ['mode=fast', 'toolkit=Slack', 'toolkit=', 'toolkits=slack', 'max_bytes=1']) {
      const { status } = await plainRequest(
        door.gateway.url,
        { key: known(door), path: `/mcp?${query}` },
        list,
      );
      expect([query, status]).toEqual([query, 422]);
    }
  });

  it.each([
    ['another method in the header', { 'mcp-method': 'tools/call' }, 400, -32_020],
    ['an unknown revision', { 'mcp-protocol-version': '2031-01-01' }, 400, -32_020],
  ])('with %s is refused', async (_what, headers, status, code) => {
    const answer = await ask(known(door), {
      headers: { ...discover.headers, ...headers },
      message: discover.message,
    });
    expect([answer.status, (answer.body['error'] as { code: number }).code]).toEqual([status, code]);
  });

  it('in another method than POST is refused', async () => {
    const authorization = `Bearer ${known(door)}`;
    for (const method of ['GET', 'DELETE']) {
      const answer = await rawRequest(door.gateway.url, method, '/mcp', { authorization });
      expect([answer.status, answer.headers]).toEqual([405, expect.stringContaining('allow: post')]);
    }
  });

  it('with strange sessions is taken as one without', async () => {
    for (const session of ['x', 'u.!!!.1', `u.${'a'.repeat(600)}.01a22cde-d287-71f1-80df-1ec7efda40ee`]) {
      const answer = await ask(known(door), {
        headers: { 'mcp-session-id': session },
        message: { jsonrpc: '2.0', id: 1, method: 'ping' },
      });
      expect([answer.status, answer.body['result']]).toEqual([200, {}]);
    }
  });
});

describe('streams of hosts', () => {
  /** Opens a subscription over a bare socket and reads nothing but its head. */
  async function subscribe(key: string): Promise<{ socket: Socket; text: () => string }> {
    const { hostname, port } = new URL(door.gateway.url);
    const { headers, message } = modernRequest(1, 'subscriptions/listen', {
      notifications: { toolsListChanged: true },
    });
    const body = JSON.stringify(message);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.on('error', () => undefined).on('data', (data) => (received += String(data)));
    const head = {
      host: '127.0.0.1',
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'content-length': String(body.length),
      ...headers,
    };
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
    socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    await waitFor(() => received.includes('acknowledged') || received.includes('HTTP/1.1 4'), {
      what: 'the head',
    });
    return { socket, text: () => received };
  }

  it('are bounded for each tenant, and free their place when they end', async () => {
    const key = known(door);
    const open = await Promise.all([subscribe(key), subscribe(key), subscribe(key)]);
    expect(open.map(({ text }) => text().slice(0, 12))).toEqual(Array(3).fill('HTTP/1.1 200'));
    const refused = await ask(key);
    expect([refused.status, refused.body['code']]).toEqual([429, 'too_many_streams']);
    for (const { socket } of open) socket.destroy();
    await waitFor(async () => (await ask(key)).status === 200, { what: 'a free place' });
  });

  it('end soon after their key was revoked (MH2)', async () => {
    const { key, identity } = sampleKey('acme', { scopes: [...scopeNames] });
    door.directory.put(identity);
    const { socket, text } = await subscribe(key);
    door.directory.remove(`key/${identity.id}`);
    // The last chunk of the answer.
    await waitFor(() => text().endsWith('\r\n0\r\n\r\n'), {
      what: 'the end of the stream',
      timeoutMs: 12_000,
    });
    socket.destroy();
  }, 20_000);
});
