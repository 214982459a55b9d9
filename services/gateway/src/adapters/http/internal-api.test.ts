import { reportedKeyUsesSchema } from '@action-mesh/contracts/auth-broker';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { jest } from '@jest/globals';

import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { BrokerAdministration } from './broker-administration.js';
import { CatalogToolkits } from './catalog-toolkits.js';
import { ExecutorAdminClient } from './executor-admin-client.js';
import { GovernorLimits } from './governor-limits.js';

const url = 'http://127.0.0.1:1';
const stop = new AbortController();
const service = { url, serviceKey: 'k'.repeat(48) };
const catalog = new CatalogToolkits(service, stop.signal);
const executor = new ExecutorAdminClient(service);
const limits = new GovernorLimits(service);

const caller = samplePrincipal({
  tenantId: 't1',
  holder: 'Zoë',
  scopes: new Set(['limits:read', 'calls:read']),
});

/** Asks a service that never answers. Returns the request and its time limit. */
async function unanswered(ask: () => Promise<unknown>): Promise<{ timeoutMs: unknown; fix: string }> {
  const timeout = jest.spyOn(globalThis, 'setTimeout');
  const error: unknown = await ask().catch((thrown: unknown) => thrown);
  if (!(error instanceof MeshUnavailableError)) throw error;
  return { timeoutMs: timeout.mock.calls.at(-1)?.[1], fix: error.fix };
}

describe('a service that does not answer', () => {
  const fetch = jest.spyOn(globalThis, 'fetch');

  beforeEach(() => fetch.mockRejectedValue(new TypeError('fetch failed')));
  afterAll(() => jest.restoreAllMocks());

  it('gets the time that its work takes', async () => {
    const path = ['crm', 'tools', 'crm_find', 'overrides', '1', 'approve'];
    const approved = await unanswered(() => catalog.ask({ caller, method: 'POST', path, body: {} }));
    expect(approved.timeoutMs).toBeGreaterThan(120_000);
    expect((await unanswered(() => executor.breakers(caller))).timeoutMs).toBe(5_000);
    expect((await unanswered(() => limits.list(caller))).timeoutMs).toBe(5_000);
  });

  it('asks the caller to look before sending a proposal again', async () => {
    const proposed = await unanswered(() => catalog.ask({ caller, method: 'POST', path: ['crm'], body: {} }));
    expect(proposed.fix).toMatch(/^Check whether the change was made/);
    const looked = await unanswered(() => catalog.ask({ caller, method: 'GET', path: ['crm'] }));
    expect(looked.fix).toBe('Send the same request again later.');
    const all = [proposed, looked, await unanswered(() => limits.remove(caller, 'l1'))];
    for (const { fix } of all) expect(fix).not.toContain('call_id');
  });

  it('keeps names with special characters in their place in the path', async () => {
    await unanswered(() => limits.remove(caller, 'a/b?c=d&.'));
    expect(fetch.mock.calls.at(-1)?.[0]).toBe(`${url}/internal/limits/a%2Fb%3Fc%3Dd%26.`);
    fetch.mockClear();
    for (const name of ['.', '..', '']) {
      const asks = [
        () => limits.put(caller, name, {}),
        () => limits.remove(caller, name),
        () => executor.saga(caller, name),
        () => executor.deadCall(caller, name),
        () => executor.cancel(caller, name, {}),
        () => catalog.ask({ caller, method: 'GET', path: ['crm', name] }),
      ];
      for (const ask of asks) await expect(ask()).rejects.toBeInstanceOf(RequestRefusedError);
    }
    expect(fetch).not.toHaveBeenCalled();
  });

  it('gets the key of the services', async () => {
    fetch.mockClear();
    await unanswered(() => limits.list(caller));
    const headers = { 'x-mesh-service-key': service.serviceKey };
    expect(fetch.mock.calls.at(-1)?.[1]?.headers).toMatchObject(headers);
  });

  it('names MESH_SERVICE_KEY when its own differs', async () => {
    fetch.mockImplementationOnce(() => Promise.resolve(new Response('{}', { status: 401 })));
    fetch.mockImplementationOnce(() => Promise.resolve(new Response('{}', { status: 401 })));
    const asks = [
      () => limits.list(caller),
      () => catalog.ask({ caller, method: 'POST', path: [], body: {} }),
    ];
    for (const ask of asks) expect((await unanswered(ask)).fix).toContain('the same MESH_SERVICE_KEY');
  });

  it('gets the tenant, the holder and the scopes of the caller', async () => {
    await unanswered(() => limits.list(caller));
    expect(fetch.mock.calls.at(-1)?.[1]?.headers).toMatchObject({
      'x-mesh-tenant': 't1',
      'x-mesh-holder': 'Zo%C3%AB',
      'x-mesh-scopes': 'limits:read calls:read',
    });
  });

  it('gets the uses of keys in its own form, in the name of no caller', async () => {
    const uses = new Map([['0123456789abcdef', Date.UTC(2026, 0, 1)]]);
    await unanswered(() => new BrokerAdministration(service).send(uses));
    const [address, { headers, body } = {}] = fetch.mock.calls.at(-1) ?? [];
    expect(address).toBe(`${url}/internal/key-uses`);
    expect(headers).not.toHaveProperty('x-mesh-tenant');
    expect(reportedKeyUsesSchema.parse(JSON.parse(body as string))).toEqual({
      uses: [{ key_id: '0123456789abcdef', used_at: '2026-01-01T00:00:00.000Z' }],
    });
  });

  it('gets bytes unchanged', async () => {
    const body = Buffer.from('{"a": 1.0}');
    await unanswered(() => catalog.ask({ caller, method: 'POST', path: ['crm', 'imports'], body }));
    expect(fetch.mock.calls.at(-1)?.[1]).toMatchObject({
      body,
      headers: { 'content-type': 'application/json' },
    });
  });

  it('stops waiting when the gateway stops', async () => {
    fetch.mockImplementation(
      (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    const asked = unanswered(() => catalog.ask({ caller, method: 'GET', path: [] }));
    stop.abort();
    await expect(asked).resolves.toMatchObject({ fix: expect.any(String) as string });
  });
});
