import { leakCheck, startQuirkServer, type QuirkServer } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import { Egress } from '@action-mesh/egress';
import type { Clock } from '@action-mesh/kernel';
import { providers } from '@action-mesh/providers';

import { SimpleOAuth2Client } from '../../src/adapters/oauth/simple-oauth2-client.js';
import { failureIn, integrationOf, OAuthRig, providerAt } from './oauth-rig.js';

jest.setTimeout(60_000);
leakCheck();

function discovered(issuer: string) {
  const provider = providers.get('oauth2');
  if (provider === undefined) throw new Error('no provider oauth2');
  return integrationOf(provider, { settings: { issuer }, hosts: ['127.0.0.1:1'] });
}

async function failureFor(prepare: (server: QuirkServer) => void) {
  await using server = await startQuirkServer();
  await using rig = new OAuthRig(server.host);
  prepare(server);
  return failureIn(await rig.client.issuer(discovered(server.url)));
}

describe('the metadata of an issuer', () => {
  it.each<[string, (server: QuirkServer) => void, object]>([
    [
      'that names another issuer (OD1)',
      (server) => server.behave({ metadata: { issuer: 'https://other.example' } }),
      { kind: 'client', code: 'issuer_mismatch' },
    ],
    [
      'that names itself with a slash (OD1)',
      (server) => server.behave({ metadata: { issuer: `${server.url}/` } }),
      { kind: 'client', code: 'issuer_mismatch' },
    ],
    [
      'with a token endpoint over http (OD2)',
      (server) => server.behave({ metadata: { token_endpoint: 'http://example.com/token' } }),
      { kind: 'client', code: 'egress_denied' },
    ],
    [
      'with an endpoint at a private address (OD2)',
      (server) => server.behave({ metadata: { token_endpoint: 'https://10.0.0.7/token' } }),
      { kind: 'client', code: 'egress_denied' },
    ],
    [
      'with a revocation at a metadata service (OD2)',
      (server) => server.behave({ metadata: { revocation_endpoint: 'http://169.254.169.254/x' } }),
      { kind: 'client', code: 'egress_denied' },
    ],
    [
      'with a script as consent page (OD2)',
      (server) => server.behave({ metadata: { authorization_endpoint: 'javascript:alert(1)' } }),
      { kind: 'client', code: 'egress_denied' },
    ],
    [
      'without a token endpoint',
      (server) => server.behave({ metadata: { token_endpoint: null } }),
      { kind: 'transient', code: 'metadata_malformed' },
    ],
    [
      'that redirects',
      (server) =>
        server.fail({
          on: 'metadata',
          times: 2,
          answer: { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
        }),
      { kind: 'unknown', code: 'http_302' },
    ],
    [
      'that is too long',
      (server) => server.fail({ on: 'metadata', times: 2, answer: 'huge' }),
      { kind: 'transient', code: 'metadata_too_large' },
    ],
    [
      'that fails',
      (server) => server.fail({ on: 'metadata', times: 2, answer: { status: 500 } }),
      { kind: 'transient', code: 'http_500' },
    ],
  ])('%s is refused', async (_what, prepare, expected) => {
    expect(await failureFor(prepare)).toMatchObject({ certainlyNotProcessed: true, ...expected });
  });

  it('is found at the address of OpenID Connect where that of RFC 8414 has none', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    server.fail({ on: 'metadata', answer: { status: 404 } });
    expect((await rig.client.issuer(discovered(server.url))).ok).toBe(true);
    expect(server.record.requestsTo('metadata').map(({ path }) => path)).toEqual([
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
    ]);
  });

  it('is remembered for an hour, and a failure for 30 s (OD3)', async () => {
    await using server = await startQuirkServer();
    await using egress = new Egress({ allow: [server.host] });
    let time = 0;
    const clock: Clock = { now: () => time, monotonicMs: () => time };
    const client = new SimpleOAuth2Client(egress, clock);
    const integration = discovered(server.url);
    const lookUps = () => server.record.requestsTo('metadata').length;
    server.fail({ on: 'metadata', answer: { status: 500 } });
    expect((await client.issuer(integration)).ok).toBe(false);
    time += 29_999;
    expect((await client.issuer(integration)).ok).toBe(false);
    expect(lookUps()).toBe(1);
    time += 1;
    expect(
      (await Promise.all([client.issuer(integration), client.issuer(integration)])).map(({ ok }) => ok),
    ).toEqual([true, true]);
    expect(lookUps()).toBe(2);
    time += 3_599_999;
    await client.issuer(integration);
    expect(lookUps()).toBe(2);
    time += 1;
    await client.issuer(integration);
    expect(lookUps()).toBe(3);
  });
});

describe('the issuer that a callback must name', () => {
  const expectedIssuer = async (
    iss: 'right' | 'absent',
    integration: (server: QuirkServer) => ReturnType<typeof integrationOf>,
  ) => {
    await using server = await startQuirkServer({ iss });
    await using rig = new OAuthRig(server.host);
    const { url } = server;
    return { url, result: await rig.client.issuer(integration(server)) };
  };

  it('is required where the metadata promises it', async () => {
    const { url, result } = await expectedIssuer('right', (server) => discovered(server.url));
    expect(result).toEqual({ ok: true, value: { issuer: url, isRequired: true } });
  });

  it('is compared but not required where the metadata does not promise it', async () => {
    const { url, result } = await expectedIssuer('absent', (server) => discovered(server.url));
    expect(result).toEqual({ ok: true, value: { issuer: url, isRequired: false } });
  });

  it('is required where the data of the provider says so', async () => {
    const { url, result } = await expectedIssuer('right', (server) => integrationOf(providerAt(server)));
    expect(result).toEqual({ ok: true, value: { issuer: url, isRequired: true } });
  });

  it('is unknown without metadata and data', async () => {
    const { result } = await expectedIssuer('right', (server) => {
      const provider = providerAt(server);
      const {
        issuer: _issuer,
        sendsIssuer: _sends,
        ...auth
      } = provider.auth as Extract<typeof provider.auth, { kind: 'oauth2' }>;
      return integrationOf({ ...provider, auth });
    });
    expect(result).toEqual({ ok: true, value: undefined });
  });
});
