import { leakCheck, startQuirkServer } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { failureIn, integrationOf, OAuthRig, providerAt } from './oauth-rig.js';

jest.setTimeout(60_000);
leakCheck();

const bearer = (token: string) => ({
  in: 'header' as const,
  name: 'authorization',
  value: `Bearer ${token}`,
});

describe('the account behind a credential', () => {
  it('comes from a request with the credential in all its places', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const { accessToken } = server.grant('ada');
    const places = [bearer(accessToken), { in: 'query' as const, name: 'key', value: 'a b&c' }];
    const found = await rig.client.account(integrationOf(providerAt(server)), {
      places,
      details: {},
      fields: {},
    });
    expect(found).toEqual({ ok: true, value: { account: { id: 'ada', name: 'ada@example.test' } } });
    expect(server.record.calls).toMatchObject([{ method: 'GET', path: '/me?key=a+b%26c', account: 'ada' }]);
  });

  it('is asked of no host that the integration does not cover (AR1)', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const provider = { ...providerAt(server), hosts: ['api.example.com'] };
    const access = { places: [bearer('at')], details: {}, fields: {} };
    expect(failureIn(await rig.client.account(integrationOf(provider), access))).toEqual({
      kind: 'client',
      code: 'foreign_host',
      certainlyNotProcessed: true,
    });
    expect(server.record.requests).toHaveLength(0);
  });

  it('is not found by a credential that the provider refuses', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const access = { places: [bearer('unknown')], details: {}, fields: {} };
    expect(failureIn(await rig.client.account(integrationOf(providerAt(server)), access))).toMatchObject({
      kind: 'permanent',
      code: 'credential_rejected',
    });
  });

  it('is asked of the host once: a redirect takes the credential nowhere', async () => {
    await using server = await startQuirkServer();
    await using target = await startQuirkServer();
    await using rig = new OAuthRig(server.host, target.host);
    server.fail({ on: 'me', answer: { status: 307, headers: { location: target.endpoints.me } } });
    const access = { places: [bearer('at')], details: {}, fields: {} };
    expect(failureIn(await rig.client.account(integrationOf(providerAt(server)), access)).code).toBe(
      'http_307',
    );
    expect(target.record.requests).toHaveLength(0);
  });
});
