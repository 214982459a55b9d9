import { importDocument } from '@action-mesh/openapi';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';
import { buildRequest } from '@action-mesh/tools';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';
import { ownOpenApiDocument } from '../src/index.js';
import { conform } from './conformity.js';
import { rawRequest } from './raw-request.js';
import { silentTelemetry } from './silent-telemetry.js';

const publicUrl = 'https://mesh.example.com';
const { key, identity } = sampleKey('acme', { scopes: ['calls:read'], holder: 'ada' });
const stop = new AbortController();
const logger = createLogger({ service: 'gateway', level: 'silent' });
let gateway: RunningService;

beforeAll(async () => {
  const { directory, module, http } = composeGateway(
    gatewayConfig({
      KAFKA_BROKERS: '127.0.0.1:1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      MESH_SERVICE_KEY: 'k'.repeat(48),
      MESH_PUBLIC_URL: publicUrl,
    }),
    logger,
    stop.signal,
    silentTelemetry,
  );
  directory.put(sampleTenant('acme'));
  directory.put(identity);
  directory.complete();
  gateway = await startService({ name: 'gateway', module, port: 0, logger, http });
});

afterAll(async () => {
  stop.abort(new Error('the test is over'));
  await gateway.close();
}, 30_000);

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { headers });

describe('GET /v1/openapi.json', () => {
  it('gives everybody the document, with the public address of the mesh', async () => {
    const answer = await get('/v1/openapi.json');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(await answer.json()).toEqual(
      JSON.parse(JSON.stringify(ownOpenApiDocument({ serverUrl: publicUrl }))),
    );
  });

  it('answers 304 to a reader with the newest copy', async () => {
    const tag = (await get('/v1/openapi.json')).headers.get('etag') ?? '';
    const known = await get('/v1/openapi.json', { 'if-none-match': `"old", W/${tag}` });
    expect([known.status, await known.text()]).toEqual([304, '']);
    expect((await get('/v1/openapi.json', { 'if-none-match': '"old"' })).status).toBe(200);
  });
});

describe('GET /docs', () => {
  it('loads the scripts of this gateway alone (RP1)', async () => {
    const page = await get('/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    const html = await page.text();
    expect(html).not.toMatch(/https?:|<script>|<style>| on\w+=| style=/);
    const parts = [...html.matchAll(/(?:src|href)="(docs[^"]+)"/g)].map(([, part]) => part ?? '');
    expect(parts).toHaveLength(4);
    for (const part of parts) {
      const answer = await get(`/${part}`);
      expect([part, answer.status]).toEqual([part, 200]);
      expect(answer.headers.get('content-type')).toMatch(/^text\/(?:javascript|css); charset=utf-8$/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each(['package.json', '..%2fpackage.json', 'swagger-ui.js'])('has no part %s', async (name) => {
    const answer = await get(`/docs/${name}`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'not_found']);
  });
});

describe('a browser that another site leads here', () => {
  const asked = async (headers: Record<string, string>) => {
    const {
      status,
      code,
      headers: sent,
    } = await rawRequest(gateway.url, 'GET', '/v1/me', {
      authorization: `Bearer ${key}`,
      ...headers,
    });
    expect(sent).not.toContain('access-control-');
    return code === undefined ? status : [status, code];
  };

  it.each([
    ['rebound.example', 'rebound.example'],
    ['a port', 'rebound.example:8080'],
    ['a name like ours', 'mesh.example.com.evil.example'],
    ['a name that begins as this machine', '127.0.0.1.evil.example'],
    ['no name', ''],
  ])('gets nothing by the host %s (OG1)', async (_what, host) => {
    expect(await asked({ host })).toEqual([421, 'host_not_served']);
  });

  it.each(['https://evil.example', 'null', 'http://localhost:1', 'http://127.0.0.1', 'nonsense'])(
    'gets nothing with the origin %s (OG2)',
    async (origin) => {
      expect(await asked({ host: new URL(gateway.url).host, origin })).toEqual([403, 'origin_not_allowed']);
    },
  );

  it('gets the answers of its own site', async () => {
    expect(await asked({ host: new URL(gateway.url).host, origin: gateway.url })).toBe(200);
    expect(await asked({ host: 'mesh.example.com', origin: publicUrl })).toBe(200);
    expect(await asked({ host: 'localhost:8080' })).toBe(200);
  });
});

describe('a tool that is imported from the document', () => {
  it('runs with the key of its caller', async () => {
    const { tools } = importDocument(await (await get('/v1/openapi.json')).text(), {
      toolkit: 'mesh_api',
      baseUrl: gateway.url,
    });
    const tool = tools.find(({ slug }) => slug === 'mesh_api_who_am_i');
    if (tool === undefined) throw new Error('the tool is missing');
    const { url, method, headers } = buildRequest(tool, {});
    const answer = await fetch(url, { method, headers: { ...headers, authorization: `Bearer ${key}` } });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ tenant: 'acme', holder: 'ada' }),
    ]);
    // The tokenizer of the import loads first.
  }, 60_000);
});

describe('the check of answers', () => {
  const answer = (changes: object) => ({
    method: 'GET',
    path: '/v1/me',
    status: 200,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: '{"tenant":"acme","holder":"ada","environment":"dev","scopes":["calls:read"]}',
    ...changes,
  });

  it('accepts a documented answer', () => {
    expect(() => conform(answer({}))).not.toThrow();
  });

  it.each([
    ['status', { status: 418 }, 'whoAmI answers 418, which the OpenAPI document does not have'],
    ['content type', { headers: new Headers({ 'content-type': 'text/html' }) }, 'as "text/html"'],
    ['member', { text: '{"tenant":"acme","holder":"ada","environment":"dev","scopes":[],"new":1}' }, 'new'],
    ['missing member', { text: '{"tenant":"acme"}' }, 'holder'],
    [
      'problem code',
      {
        status: 401,
        headers: new Headers({ 'content-type': 'application/problem+json' }),
        text: '{"type":"t","title":"t","status":401,"detail":"d","code":"odd"}',
      },
      'unauthorized',
    ],
  ])('refuses an unknown %s', (_what, changes, message) => {
    expect(() => conform(answer(changes))).toThrow(message);
  });
});
