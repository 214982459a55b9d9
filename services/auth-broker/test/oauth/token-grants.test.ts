import {
  leakCheck,
  startAuthorizationServer,
  startQuirkServer,
  type AuthorizationServer,
} from '@action-mesh/testing';
import { jest } from '@jest/globals';
import { providers } from '@action-mesh/providers';
import {
  allowInsecureRequests,
  discovery,
  refreshTokenGrant,
  tokenIntrospection,
  type Configuration,
} from 'openid-client';

import {
  callbackUri,
  consentAtOnce,
  failureIn,
  integrationOf,
  OAuthRig,
  providerAt,
  registeredAt,
  valueOf,
} from './oauth-rig.js';

jest.setTimeout(60_000);
leakCheck();

const scopes = ['openid', 'email', 'offline_access', 'api:read'];
/** Characters that RFC 6749 wants to be encoded inside Basic. */
const strict = { id: 'strict', secret: 'a:b+c d%e&f', redirectUris: [callbackUri] };
const sticky = {
  id: 'sticky',
  secret: 'sticky-secret',
  redirectUris: [callbackUri],
  rotation: 'none' as const,
};
const inBody = {
  id: 'in-body',
  secret: 's',
  redirectUris: [callbackUri],
  auth: 'client_secret_post' as const,
};
const open = { id: 'open', redirectUris: [callbackUri] };

/** The library marks the switch as deprecated only to make it stand out. */
// eslint-disable-next-line @typescript-eslint/no-deprecated
const plainHttp = { execute: [allowInsecureRequests] };

function judge(server: AuthorizationServer, client: typeof sticky | typeof strict): Promise<Configuration> {
  return discovery(new URL(server.url), client.id, client.secret, undefined, plainHttp);
}

describe('against oidc-provider', () => {
  let server: AuthorizationServer;
  beforeEach(async () => {
    server = await startAuthorizationServer({ clients: [strict, sticky, inBody, open] });
  });
  afterEach(() => server[Symbol.asyncDispose]());
  const consent = (url: string): Promise<string> => server.consent(url, { login: 'ada' });
  const authorizeParameters = { prompt: 'consent' };

  it('connects with PKCE, refreshes with rotation, and openid-client accepts the tokens', async () => {
    await using rig = new OAuthRig(server.host);
    const integration = integrationOf(providerAt(server, { authorizeParameters }), {
      clientId: strict.id,
      clientSecret: strict.secret,
    });
    const { url, callback, tokens } = await rig.connect(integration, consent, scopes);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      response_type: 'code',
      state: 's1',
    });
    expect(callback['iss']).toBe(server.url);
    const first = valueOf(tokens);
    expect(first).toMatchObject({ expiresInMs: 3_600_000, scopes });
    expect(first.details).toMatchObject({ id_token: { sub: 'ada', email: 'ada@example.test' } });
    const second = valueOf(await rig.client.refresh(integration, first.refreshToken ?? '', undefined));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await tokenIntrospection(await judge(server, strict), second.accessToken)).toMatchObject({
      active: true,
      sub: 'ada',
    });
    const again = await rig.client.refresh(integration, first.refreshToken ?? '', undefined);
    expect(failureIn(again)).toEqual({
      kind: 'permanent',
      code: 'invalid_grant',
      certainlyNotProcessed: true,
    });
    expect(server.record.redemptionsOf(first.refreshToken ?? '')).toEqual({ presented: 2, accepted: 1 });
  });

  it('refreshes without rotation, and revocation ends the grant although its answer is empty', async () => {
    await using rig = new OAuthRig(server.host);
    const integration = integrationOf(providerAt(server, { authorizeParameters }), {
      clientId: sticky.id,
      clientSecret: sticky.secret,
    });
    const { tokens } = await rig.connect(integration, consent, scopes);
    const { accessToken, refreshToken = '' } = valueOf(tokens);
    valueOf(await rig.client.refresh(integration, refreshToken, undefined));
    expect(await rig.client.revoke(integration, { accessToken, refreshToken })).toEqual({
      ok: true,
      value: 'revoked',
    });
    await expect(refreshTokenGrant(await judge(server, sticky), refreshToken)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    // A second revocation is of unknown tokens, which is fine.
    expect((await rig.client.revoke(integration, { accessToken, refreshToken })).ok).toBe(true);
  });

  it.each([
    ['a secret in the body', inBody, 'body'],
    ['no secret', open, 'none'],
  ] as const)('connects a client with %s', async (_what, client, clientAuth) => {
    await using rig = new OAuthRig(server.host);
    const integration = integrationOf(providerAt(server, { authorizeParameters, clientAuth }), {
      clientId: client.id,
      ...('secret' in client ? { clientSecret: client.secret } : {}),
    });
    const { tokens } = await rig.connect(integration, consent, scopes);
    expect(valueOf(tokens).accessToken).not.toBe('');
  });

  it('connects by metadata, and finds the account and the issuer', async () => {
    await using rig = new OAuthRig(server.host);
    const oauth2 = providers.get('oauth2');
    if (oauth2 === undefined) throw new Error('no provider oauth2');
    const provider = { ...oauth2, auth: { kind: 'discovered' as const, authorizeParameters } };
    const integration = integrationOf(provider, {
      clientId: strict.id,
      clientSecret: strict.secret,
      settings: { issuer: server.url },
      hosts: [server.host],
    });
    const { tokens } = await rig.connect(integration, consent, scopes);
    const { accessToken, details } = valueOf(tokens);
    const places = [{ in: 'header' as const, name: 'authorization', value: `Bearer ${accessToken}` }];
    expect(await rig.client.account(integration, { places, details, fields: {} })).toMatchObject({
      ok: true,
      value: { account: { id: `${server.url}/ada`, name: 'ada@example.test' } },
    });
    expect(await rig.client.issuer(integration)).toEqual({
      ok: true,
      value: { issuer: server.url, isRequired: true },
    });
    // One look-up serves all requests of an hour.
    expect(server.record.requestsTo('metadata')).toHaveLength(1);
  });

  it('takes a token for the client itself', async () => {
    await using rig = new OAuthRig(server.host);
    const provider = {
      ...providerAt(server),
      auth: {
        kind: 'client_credentials' as const,
        tokenUrl: server.endpoints.token,
        clientAuth: 'basic' as const,
      },
    };
    const { clientId: _none, ...integration } = integrationOf(provider, { scopes: [] });
    const client = { clientId: strict.id, clientSecret: strict.secret };
    expect(valueOf(await rig.client.clientCredentials(integration, client)).accessToken).not.toBe('');
    const wrong = await rig.client.clientCredentials(integration, { ...client, clientSecret: 'wrong' });
    expect(failureIn(wrong)).toMatchObject({
      kind: 'client',
      code: 'invalid_client',
      certainlyNotProcessed: true,
    });
  });
});

describe('against providers with oddities', () => {
  it('keeps the refresh token out of an answer that has none', async () => {
    await using server = await startQuirkServer({ rotation: 'none' });
    await using rig = new OAuthRig(server.host);
    const integration = integrationOf(providerAt(server));
    const { refreshToken } = server.grant();
    const refreshed = valueOf(await rig.client.refresh(integration, refreshToken, undefined));
    expect(refreshed).not.toHaveProperty('refreshToken');
  });

  it('reads the person of Slack, and never takes the token of the bot', async () => {
    await using server = await startQuirkServer({ shape: 'slack' });
    await using rig = new OAuthRig(server.host);
    const integration = integrationOf(registeredAt('slack-user', server));
    const { tokens } = await rig.connect(integration, consentAtOnce, ['chat:write', 'users:read']);
    const first = valueOf(tokens);
    expect(first).toMatchObject({ expiresInMs: 3_600_000, scopes: ['chat:write', 'users:read'] });
    expect(first.accessToken).not.toContain('xoxb-');
    expect(JSON.stringify(first.details)).not.toContain('xoxb-');
    expect(await rig.client.account(integration, { places: [], details: first.details, fields: {} })).toEqual(
      { ok: true, value: { account: { id: 'T0001/ada', name: 'Acme' } } },
    );
    const second = valueOf(await rig.client.refresh(integration, first.refreshToken ?? '', undefined));
    expect(server.grants.accountOf(second.accessToken)).toBe('ada');
    const again = await rig.client.refresh(integration, first.refreshToken ?? '', undefined);
    expect(failureIn(again)).toMatchObject({ kind: 'permanent', code: 'invalid_refresh_token' });
  });

  it.each(['json', 'form'] as const)(
    'reads tokens and errors of GitHub in an answer as %s',
    async (encoding) => {
      await using server = await startQuirkServer({ shape: 'github', encoding });
      await using rig = new OAuthRig(server.host);
      const integration = integrationOf(registeredAt('github', server));
      const { tokens } = await rig.connect(integration, consentAtOnce, ['repo', 'gist']);
      const first = valueOf(tokens);
      expect(first).toMatchObject({ expiresInMs: 3_600_000, refreshExpiresInMs: 15_897_600_000 });
      valueOf(await rig.client.refresh(integration, first.refreshToken ?? '', undefined));
      const again = await rig.client.refresh(integration, first.refreshToken ?? '', undefined);
      expect(failureIn(again)).toMatchObject({ kind: 'permanent', code: 'bad_refresh_token' });
      server.clients.set('quirk-client', 'changed');
      const refused = await rig.client.refresh(integration, 'any', undefined);
      expect(failureIn(refused)).toMatchObject({ kind: 'client', code: 'incorrect_client_credentials' });
    },
  );

  it('splits scopes with commas although the request has spaces', async () => {
    await using server = await startQuirkServer({ extra: { scope: 'repo,gist' } });
    await using rig = new OAuthRig(server.host);
    const refreshed = await rig.client.refresh(
      integrationOf(providerAt(server)),
      server.grant().refreshToken,
      undefined,
    );
    expect(valueOf(refreshed).scopes).toEqual(['repo', 'gist']);
  });

  it('finds the API of a Salesforce account, without an expiry', async () => {
    await using server = await startQuirkServer({ shape: 'salesforce' });
    await using rig = new OAuthRig(server.host);
    const provider = {
      ...providerAt(server),
      base: { from: 'token' as const, at: '/instance_url', replaces: 'https://login.salesforce.com' },
      identity: { from: 'token' as const, id: '/id' },
    };
    const integration = integrationOf(provider);
    const { tokens } = await rig.connect(integration, consentAtOnce);
    const { details, ...first } = valueOf(tokens);
    expect(first).not.toHaveProperty('expiresInMs');
    expect(await rig.client.account(integration, { places: [], details, fields: {} })).toEqual({
      ok: true,
      value: { account: { id: `${server.url}/id/00Dx0000000001/ada` }, baseUrl: server.url },
    });
    const foreign = { ...details, instance_url: 'https://attacker.example' };
    expect(
      failureIn(await rig.client.account(integration, { places: [], details: foreign, fields: {} })),
    ).toMatchObject({ kind: 'client', code: 'foreign_host' });
  });

  it.each([
    [3_600, 3_600_000],
    ['7200', 7_200_000],
    [null, undefined],
    [0, undefined],
    ['soon', undefined],
    [-5, undefined],
  ])('reads expires_in %p as %p ms', async (expiresIn, expected) => {
    await using server = await startQuirkServer({ expiresIn });
    await using rig = new OAuthRig(server.host);
    const refreshed = await rig.client.refresh(
      integrationOf(providerAt(server)),
      server.grant().refreshToken,
      undefined,
    );
    expect(valueOf(refreshed).expiresInMs).toBe(expected);
  });

  it('reads a life in milliseconds where the data says so', async () => {
    await using server = await startQuirkServer({ expiresIn: 5_000 });
    await using rig = new OAuthRig(server.host);
    const provider = providerAt(server, { tokenAnswer: { expiresInUnit: 'ms' } });
    const refreshed = await rig.client.refresh(
      integrationOf(provider),
      server.grant().refreshToken,
      undefined,
    );
    expect(valueOf(refreshed).expiresInMs).toBe(5_000);
  });

  it('lets no parameter of the data replace one of the protocol', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const bad = {
      response_type: 'token',
      client_id: 'other',
      redirect_uri: 'https://attacker.example',
      state: 'x',
      code_challenge: 'x',
      scope: 'admin',
      grant_type: 'password',
      refresh_token: 'x',
      access_type: 'offline',
    };
    const provider = providerAt(server, {
      authorizeParameters: bad,
      refresh: { rotates: 'sometimes', parameters: bad },
    });
    const { url } = await rig.connect(integrationOf(provider), consentAtOnce);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      access_type: 'offline',
      client_id: 'quirk-client',
      redirect_uri: callbackUri,
      response_type: 'code',
      scope: 'read',
      state: 's1',
    });
    expect(url.searchParams.get('code_challenge')).toHaveLength(43);
    expect(url.searchParams.has('grant_type')).toBe(false);
    const { refreshToken } = server.grant();
    valueOf(await rig.client.refresh(integrationOf(provider), refreshToken, undefined));
    expect(server.record.requestsTo('token').at(-1)?.parameters).toEqual({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      access_type: 'offline',
    });
  });

  it('asks without PKCE where the provider forbids it', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const { url, tokens } = await rig.connect(
      integrationOf(providerAt(server, { pkce: 'off' })),
      consentAtOnce,
    );
    expect(url.searchParams.has('code_challenge')).toBe(false);
    expect(tokens.ok).toBe(true);
    expect(server.record.requestsTo('token')[0]?.parameters).not.toHaveProperty('code_verifier');
  });

  it('adds the parameters of the callback that the data names', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const provider = providerAt(server, { callbackParameters: ['realmId'] });
    const { tokens } = await rig.connect(
      integrationOf(provider),
      async (url) => `${await consentAtOnce(url)}&realmId=42&other=1`,
    );
    expect(valueOf(tokens).details['callback']).toEqual({ realmId: '42' });
  });
});
