import { jest } from '@jest/globals';

import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { CatalogToolkits } from './catalog-toolkits.js';
import { ExecutorAdminClient } from './executor-admin-client.js';
import { GovernorLimits } from './governor-limits.js';

const url = 'http://127.0.0.1:1';
const serviceKey = 'k'.repeat(48);
const stop = new AbortController();
const catalog = new CatalogToolkits(url, serviceKey, 't1', stop.signal);
const executor = new ExecutorAdminClient(url, serviceKey, 't1');
const limits = new GovernorLimits(url, serviceKey, 't1');

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
    const approved = await unanswered(() => catalog.ask({ method: 'POST', path, body: {} }));
    expect(approved.timeoutMs).toBeGreaterThan(120_000);
    expect((await unanswered(() => executor.breakers())).timeoutMs).toBe(5_000);
    expect((await unanswered(() => limits.list())).timeoutMs).toBe(5_000);
  });

  it('asks the caller to look before sending a proposal again', async () => {
    const proposed = await unanswered(() => catalog.ask({ method: 'POST', path: ['crm'], body: {} }));
    expect(proposed.fix).toMatch(/^Check whether the change was made/);
    const looked = await unanswered(() => catalog.ask({ method: 'GET', path: ['crm'] }));
    expect(looked.fix).toBe('Send the same request again later.');
    const all = [proposed, looked, await unanswered(() => limits.remove('l1'))];
    for (const { fix } of all) expect(fix).not.toContain('call_id');
  });

  it('keeps names with special characters in their place in the path', async () => {
    await unanswered(() => limits.remove('a/b?c=d&.'));
    expect(fetch.mock.calls.at(-1)?.[0]).toBe(`${url}/internal/limits/a%2Fb%3Fc%3Dd%26.`);
    fetch.mockClear();
    for (const name of ['.', '..', '']) {
      const asks = [
        () => limits.put(name, {}),
        () => limits.remove(name),
        () => executor.saga(name),
        () => executor.deadCall(name),
        () => executor.cancel(name, {}),
        () => catalog.ask({ method: 'GET', path: ['crm', name] }),
      ];
      for (const ask of asks) await expect(ask()).rejects.toBeInstanceOf(RequestRefusedError);
    }
    expect(fetch).not.toHaveBeenCalled();
  });

  it('gets the key of the services', async () => {
    fetch.mockClear();
    await unanswered(() => limits.list());
    expect(fetch.mock.calls.at(-1)?.[1]?.headers).toMatchObject({ 'x-mesh-service-key': serviceKey });
  });

  it('names MESH_SERVICE_KEY when its own differs', async () => {
    fetch.mockImplementation(() => Promise.resolve(new Response('{}', { status: 401 })));
    for (const ask of [() => limits.list(), () => catalog.ask({ method: 'POST', path: [], body: {} })])
      expect((await unanswered(ask)).fix).toContain('the same MESH_SERVICE_KEY');
  });

  it('stops waiting when the gateway stops', async () => {
    fetch.mockImplementation(
      (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    const asked = unanswered(() => catalog.ask({ method: 'GET', path: [] }));
    stop.abort();
    await expect(asked).resolves.toMatchObject({ fix: expect.any(String) as string });
  });
});
