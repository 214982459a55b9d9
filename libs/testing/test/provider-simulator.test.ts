import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { leakCheck, startProviderSimulator, waitFor } from '../src/index.js';
import type { ProviderSimulator } from '../src/index.js';

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: unknown;
}

describe('the provider simulator', () => {
  let provider: ProviderSimulator;
  beforeAll(async () => {
    provider = await startProviderSimulator();
  }, 20_000);
  afterAll(() => provider.stop());
  beforeEach(() => provider.reset());
  leakCheck();

  /** One request on its own connection. */
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const request = httpRequest(provider.url + path, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) });
        });
      });
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const outcomeOf = (sent: Promise<Answer>) =>
    sent.then(
      ({ status }) => String(status),
      (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'error',
    );

  it('runs in a process of its own', () => {
    expect(provider.pid).not.toBe(process.pid);
    expect(() => process.kill(provider.pid, 0)).not.toThrow();
  });

  describe('as a witness', () => {
    it('keeps the identifying parts of a request, and only a digest of the credential', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      await send(
        'POST',
        '/echo?x=1',
        { hello: 'you' },
        {
          'x-mesh-call-id': 'call-1',
          'x-mesh-call-hash': 'hash-1',
          'idempotency-key': 'key-1',
          authorization: 'Bearer secret',
          traceparent,
        },
      );
      const [request] = await provider.requests();
      expect(request).toMatchObject({
        seq: 1,
        method: 'POST',
        path: '/echo?x=1',
        key: 'hash-1',
        callId: 'call-1',
        idempotencyKey: 'key-1',
        traceparent,
        body: { hello: 'you' },
        effect: 'new',
        mode: 'ok',
      });
      expect(request?.bodyDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(request?.authorizationDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(JSON.stringify(request)).not.toContain('secret');
    });

    it('counts effects by call hash, else by idempotency key, else by content', async () => {
      await send('POST', '/echo', { n: 1 }, { 'x-mesh-call-hash': 'h', 'idempotency-key': 'a' });
      await send('POST', '/echo', { n: 1 }, { 'x-mesh-call-hash': 'h', 'idempotency-key': 'b' });
      await send('POST', '/echo', { n: 1 }, { 'idempotency-key': 'a' });
      await send('POST', '/echo', { n: 1 });
      const report = await provider.effects();
      expect(report).toMatchObject({ requests: 4, effects: 4, keys: 3 });
      expect(report.duplicates).toEqual([{ key: 'h', requests: 2, effects: 2 }]);
      await expect(provider.effects({ key: 'a' })).resolves.toMatchObject({ requests: 1, effects: 1 });
    });

    it('counts no effect for a read, and no second one for a repeated absolute write', async () => {
      await send('GET', '/items/7');
      await send('POST', '/enrich', { email: 'ada@example.com' });
      await send('PUT', '/crm/contacts/ada%40example.com', { name: 'Ada' });
      await send('PUT', '/crm/contacts/ada%40example.com', { name: 'Ada' });
      await send('PUT', '/crm/contacts/ada%40example.com', { name: 'Ada L.' });
      await expect(provider.effects()).resolves.toMatchObject({ requests: 5, effects: 2 });
      expect((await provider.requests({ method: 'PUT' })).map(({ effect }) => effect)).toEqual([
        'new',
        'repeat',
        'new',
      ]);
    });

    it('records a request with an incomplete body', async () => {
      const request = httpRequest(`${provider.url}/echo`, {
        method: 'POST',
        agent: false,
        headers: { 'content-length': '100' },
      });
      request.on('error', () => undefined);
      request.write('half', () => request.destroy());
      const seen = await waitFor(async () => (await provider.requests())[0], { what: 'the broken request' });
      expect(seen).toMatchObject({ effect: 'incomplete', bodyBytes: 4 });
      await expect(provider.effects()).resolves.toMatchObject({ effects: 0 });
    });

    it('filters by path, method, key and call', async () => {
      await send('POST', '/echo', {}, { 'x-mesh-call-id': 'c1' });
      await send('GET', '/items/1', undefined, { 'x-mesh-call-id': 'c2' });
      expect(await provider.requests({ path: '/items' })).toHaveLength(1);
      expect(await provider.requests({ callId: 'c1' })).toMatchObject([{ path: '/echo' }]);
      expect(await provider.requests({ limit: 1 })).toMatchObject([{ path: '/items/1' }]);
    });

    it('forgets everything on reset', async () => {
      await send('PUT', '/crm/contacts/a', { x: 1 });
      await provider.behave({ match: {}, mode: 'status', status: 503 });
      await provider.reset();
      expect((await send('GET', '/crm/contacts/a')).status).toBe(404);
      await expect(provider.effects()).resolves.toMatchObject({ requests: 1, effects: 0 });
    });
  });

  describe('as a provider that fails', () => {
    it.each([
      ['status', { mode: 'status', status: 503, headers: { 'retry-after': '7' } }, '503', 0],
      ['error after the effect', { mode: 'error-after-effect' }, '500', 1],
      ['close before the response', { mode: 'close-before-response' }, 'ECONNRESET', 1],
      ['reset before the response', { mode: 'close-before-response', reset: true }, 'ECONNRESET', 1],
      ['close before effect and response', { mode: 'close-before-response', effect: false }, 'ECONNRESET', 0],
      ['close in the middle of the body', { mode: 'close-mid-body' }, 'ECONNRESET', 1],
    ] as const)('%s', async (_name, mode, outcome, effects) => {
      await provider.behave({ match: { path: '/echo' }, times: 1, ...mode });
      expect(await outcomeOf(send('POST', '/echo', {}))).toBe(outcome);
      await expect(provider.effects()).resolves.toMatchObject({ requests: 1, effects });
      expect(await outcomeOf(send('POST', '/echo', {}))).toBe('200');
    });

    it('hangs after the effect, and delays an answer', async () => {
      await provider.behave({ match: { path: '/echo' }, mode: 'hang' });
      const request = httpRequest(`${provider.url}/echo`, { method: 'POST', agent: false });
      request.on('error', () => undefined);
      request.end();
      await waitFor(async () => (await provider.effects()).effects === 1, { what: 'the effect' });
      request.destroy();
      await provider.behave({ match: { path: '/echo' }, mode: 'delay', ms: 60 });
      const startedAt = performance.now();
      await send('POST', '/echo');
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(58);
    });

    it('follows the newest behaviour that matches, and path prefixes', async () => {
      await provider.behave({ match: { path: '/' }, mode: 'status', status: 500 });
      await provider.behave({ match: { path: '/items', method: 'GET' }, mode: 'ok' });
      expect((await send('GET', '/items/3')).status).toBe(200);
      expect((await send('DELETE', '/items/3')).status).toBe(500);
      await provider.clearBehaviours();
      expect((await send('DELETE', '/items/3')).status).toBe(200);
    });

    it('reads a fault from the request itself, for the first n requests of a key', async () => {
      const headers = {
        'x-mesh-call-hash': 'h',
        'x-sim-mode': 'status',
        'x-sim-status': '429',
        'x-sim-times': '2',
      };
      const limited = await send('POST', '/echo', {}, { ...headers, 'x-sim-retry-after': '3' });
      expect(limited.headers['retry-after']).toBe('3');
      expect((await send('POST', '/echo', {}, headers)).status).toBe(429);
      expect((await send('POST', '/echo', {}, headers)).status).toBe(200);
      expect((await send('POST', '/echo', { 'x-sim-mode': 'error-after-effect' })).status).toBe(500);
      expect((await send('POST', '/echo', {}, { 'x-sim-mode': 'nonsense' })).status).toBe(400);
      await expect(provider.effects({ key: 'h' })).resolves.toMatchObject({ requests: 3, effects: 1 });
    });

    it('limits a rate and says when to retry', async () => {
      await provider.behave({ match: { path: '/echo' }, mode: 'rate-limit', limit: 2, windowMs: 60_000 });
      expect((await send('POST', '/echo')).status).toBe(200);
      expect((await send('POST', '/echo')).status).toBe(200);
      const refused = await send('POST', '/echo');
      expect(refused.status).toBe(429);
      expect(refused.headers['retry-after']).toBe('60');
      await expect(provider.effects()).resolves.toMatchObject({ effects: 2 });
    });
  });

  describe('as a provider with idempotency keys', () => {
    const key = { 'idempotency-key': 'k1' };

    it('answers a repeat with the first answer and no new effect', async () => {
      const first = await send('POST', '/slack/chat.postMessage', { channel: 'sales', text: 'hi' }, key);
      const again = await send('POST', '/slack/chat.postMessage', { channel: 'sales', text: 'hi' }, key);
      expect(first.body).toMatchObject({ ok: true, channel: 'sales' });
      expect(again.body).toEqual(first.body);
      await expect(provider.effects()).resolves.toMatchObject({ requests: 2, effects: 1, duplicates: [] });
    });

    it('keeps the key through an error after the effect', async () => {
      await provider.behave({ match: { path: '/slack' }, mode: 'error-after-effect', times: 1 });
      expect((await send('POST', '/slack/chat.postMessage', { text: 'hi' }, key)).status).toBe(500);
      expect((await send('POST', '/slack/chat.postMessage', { text: 'hi' }, key)).status).toBe(200);
      await expect(provider.effects()).resolves.toMatchObject({ requests: 2, effects: 1 });
    });

    it('refuses a repeat in flight, and the key for another request', async () => {
      await provider.behave({ match: { path: '/slack' }, mode: 'delay', ms: 200, times: 1 });
      const first = send('POST', '/slack/chat.postMessage', { text: 'hi' }, key);
      await waitFor(async () => (await provider.requests()).length === 1, { what: 'the first to arrive' });
      expect((await send('POST', '/slack/chat.postMessage', { text: 'hi' }, key)).status).toBe(409);
      expect((await first).status).toBe(200);
      expect((await send('POST', '/slack/chat.postMessage', { text: 'other' }, key)).status).toBe(422);
      await expect(provider.effects()).resolves.toMatchObject({ effects: 1 });
    });

    it('forgets the key when its time is over', async () => {
      await provider.behave({ match: { path: '/orders' }, mode: 'keyed', ttlMs: 0 });
      await send('POST', '/orders', {}, key);
      await send('POST', '/orders', {}, key);
      expect((await provider.effects()).duplicates).toEqual([{ key: 'k1', requests: 2, effects: 2 }]);
    });
  });

  it('asks the server of the tokens who calls, and refuses a token that it does not know', async () => {
    const tokens = createServer((request, response) => {
      const isKnown = request.headers.authorization === 'Bearer of-ada';
      response.writeHead(isKnown ? 200 : 401).end(JSON.stringify(isKnown ? { id: 'ada-at-crm' } : {}));
    }).listen(0, '127.0.0.1');
    await once(tokens, 'listening');
    const { port } = tokens.address() as AddressInfo;
    await provider.behave({
      match: { path: '/crm' },
      mode: 'authorized',
      checkUrl: `http://127.0.0.1:${port}/me`,
    });
    const put = (authorization?: string) =>
      send('PUT', '/crm/contacts/a', { a: 1 }, authorization === undefined ? {} : { authorization });
    expect((await put('Bearer of-ada')).status).toBe(200);
    expect((await put('Bearer of-eve')).status).toBe(401);
    expect((await put()).status).toBe(401);
    expect((await send('GET', '/echo')).status).toBe(200);
    const requests = await provider.requests({ path: '/crm' });
    expect(requests.map(({ effect, account }) => [effect, account])).toEqual([
      ['new', 'ada-at-crm'],
      ['refused', undefined],
      ['refused', undefined],
    ]);
    tokens.closeAllConnections();
    tokens.close();
    await once(tokens, 'close');
  });

  it('finds a posted item by its reference, once it is visible', async () => {
    await send('POST', '/tickets', { reference: 'R1', title: 'broken' });
    expect((await send('GET', '/tickets?reference=R1')).body).toMatchObject({ items: [{ title: 'broken' }] });
    expect((await send('GET', '/tickets?reference=R2')).body).toEqual({ items: [] });
    await provider.behave({ match: { path: '/tickets' }, mode: 'probeable', visibleAfterMs: 60_000 });
    expect((await send('GET', '/tickets?reference=R1')).body).toEqual({ items: [] });
  });

  it('serves the demo: an enrichment by e-mail, and stored contacts', async () => {
    const one = await send('POST', '/enrich', { email: 'grace@navy.example' });
    const same = await send('POST', '/enrich', { email: 'grace@navy.example' });
    const other = await send('POST', '/enrich', { email: 'mary@navy.example' });
    expect(one.body).toMatchObject({
      person: { email: 'grace@navy.example', name: expect.stringMatching(/^\w+ \w+$/) as unknown },
      company: { domain: 'navy.example', name: 'navy' },
    });
    expect(same.body).toEqual(one.body);
    expect((other.body as { company: unknown }).company).toEqual((one.body as { company: unknown }).company);
    expect((await send('POST', '/enrich', { email: 'nobody' })).status).toBe(422);
    const stored = await send('PUT', '/crm/contacts/grace%40navy.example', { name: 'Grace' });
    expect(stored.body).toEqual({ email: 'grace@navy.example', name: 'Grace' });
    expect((await send('GET', '/crm/contacts/grace%40navy.example')).body).toEqual(stored.body);
    expect((await send('POST', '/echo', {})).body).toMatchObject({ ok: true });
  });

  it('counts without keeping requests when compact', async () => {
    const compact = await startProviderSimulator({ compact: true });
    try {
      const post = httpRequest(`${compact.url}/echo`, { method: 'POST', agent: false });
      post.end('{}');
      const [response] = (await once(post, 'response')) as [NodeJS.ReadableStream];
      response.resume();
      await once(response, 'end');
      expect(await compact.requests()).toEqual([]);
      await expect(compact.effects()).resolves.toMatchObject({ requests: 1, effects: 1 });
    } finally {
      await compact.stop();
    }
  });

  it('ends when its parent is killed', async () => {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const simulator = new URL('../src/provider/provider-simulator.ts', import.meta.url).href;
    const script = `const { startProviderSimulator } = await import(${JSON.stringify(simulator)});
      process.stdout.write(String((await startProviderSimulator()).pid) + '\\n');`;
    const parent = spawn(
      process.execPath,
      ['--conditions=@action-mesh/source', '--import', tsx, '--input-type=module', '-e', script],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const orphan = Number(output.toString());
    expect(() => process.kill(orphan, 0)).not.toThrow();
    parent.kill('SIGKILL');
    await waitFor(() => !isAlive(orphan), { what: 'the simulator to end' });
  }, 20_000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
