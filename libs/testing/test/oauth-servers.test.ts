import { createHash, randomBytes } from 'node:crypto';

import { jest } from '@jest/globals';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  discovery,
  fetchUserInfo,
  refreshTokenGrant,
  tokenRevocation,
  type Configuration,
} from 'openid-client';

import { leakCheck, startAuthorizationServer, startQuirkServer, type QuirkBehaviour } from '../src/index.js';

jest.setTimeout(60_000);
leakCheck();

const redirectUri = 'http://127.0.0.1/callback';
const strict = { id: 'strict', secret: 'strict-secret', redirectUris: [redirectUri] };
const sticky = {
  id: 'sticky',
  secret: 'sticky-secret',
  redirectUris: [redirectUri],
  rotation: 'none' as const,
};

/** `openid-client`: a client that is not ours judges the servers. */
async function judge(url: string, id: string, secret: string): Promise<Configuration> {
  // The library marks the switch as deprecated only to make it stand out.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return discovery(new URL(url), id, secret, undefined, { execute: [allowInsecureRequests] });
}

async function connected(
  server: Awaited<ReturnType<typeof startAuthorizationServer>>,
  client: Configuration,
): Promise<{ readonly accessToken: string; readonly refreshToken: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const url = buildAuthorizationUrl(client, {
    redirect_uri: redirectUri,
    scope: 'openid offline_access api:read',
    prompt: 'consent',
    state: 's1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const back = await server.consent(url.href, { login: 'ada' });
  const tokens = await authorizationCodeGrant(client, new URL(back), {
    pkceCodeVerifier: verifier,
    expectedState: 's1',
  });
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? '' };
}

describe('the authorization server', () => {
  it('gives tokens after a login and a consent without a browser, and its API knows the account', async () => {
    await using server = await startAuthorizationServer({ clients: [strict] });
    const client = await judge(server.url, strict.id, strict.secret);
    const { accessToken } = await connected(server, client);
    expect(await fetchUserInfo(client, accessToken, 'ada')).toMatchObject({ sub: 'ada' });
    const call = (token: string) =>
      fetch(`${server.endpoints.api}/notes?x=1`, {
        headers: { authorization: `Bearer ${token}`, connection: 'close' },
      });
    expect(await (await call(accessToken)).json()).toMatchObject({ account: 'ada', path: '/api/notes?x=1' });
    expect((await call('other')).status).toBe(401);
    expect(server.record.calls.map(({ account }) => account)).toEqual(['ada', undefined]);
  });

  it('ends the grant of a strict client when a refresh token comes twice, and counts both uses', async () => {
    await using server = await startAuthorizationServer({ clients: [strict] });
    const client = await judge(server.url, strict.id, strict.secret);
    const { refreshToken } = await connected(server, client);
    const fresh = await refreshTokenGrant(client, refreshToken);
    await expect(refreshTokenGrant(client, refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(refreshTokenGrant(client, fresh.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(server.record.redemptionsOf(refreshToken)).toEqual({ presented: 2, accepted: 1 });
  });

  it('keeps the refresh token of a client without rotation', async () => {
    await using server = await startAuthorizationServer({ clients: [sticky] });
    const client = await judge(server.url, sticky.id, sticky.secret);
    const { refreshToken } = await connected(server, client);
    await refreshTokenGrant(client, refreshToken);
    await refreshTokenGrant(client, refreshToken);
    expect(server.record.redemptionsOf(refreshToken)).toEqual({ presented: 2, accepted: 2 });
    await tokenRevocation(client, refreshToken);
    await expect(refreshTokenGrant(client, refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    ['500', { status: 500 }],
    ['cut', 'cut'],
  ] as const)('loses an answer after the rotation (%s), and the token is used up', async (_name, answer) => {
    await using server = await startAuthorizationServer({ clients: [strict] });
    const client = await judge(server.url, strict.id, strict.secret);
    const { refreshToken } = await connected(server, client);
    server.fail({ on: 'token', when: 'after', answer });
    await expect(refreshTokenGrant(client, refreshToken)).rejects.toThrow();
    expect(server.record.redemptionsOf(refreshToken)).toEqual({ presented: 1, accepted: 1 });
    await expect(refreshTokenGrant(client, refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('does not process a request that fails before', async () => {
    await using server = await startAuthorizationServer({ clients: [strict] });
    const client = await judge(server.url, strict.id, strict.secret);
    const { refreshToken } = await connected(server, client);
    server.fail({ on: 'token', answer: { status: 503 } });
    await expect(refreshTokenGrant(client, refreshToken)).rejects.toThrow();
    expect(server.record.redemptionsOf(refreshToken)).toEqual({ presented: 0, accepted: 0 });
    await refreshTokenGrant(client, refreshToken);
  });

  it('reports a denied consent to the client', async () => {
    await using server = await startAuthorizationServer({ clients: [strict] });
    const client = await judge(server.url, strict.id, strict.secret);
    const url = buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: 'openid',
      state: 's1',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const back = new URL(await server.consent(url.href, { login: 'ada', deny: true }));
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('iss')).toBe(server.url);
  });
});

describe('the quirk server', () => {
  const refresh = async (url: string, token: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/token`, {
      method: 'POST',
      headers: {
        connection: 'close',
        authorization: `Basic ${Buffer.from('quirk-client:quirk-secret').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
    });
    return { status: response.status, text: await response.text() };
  };

  it.each<[QuirkBehaviour['rotation'], number, number]>([
    ['strict', 400, 400],
    ['single_use', 400, 200],
    ['leeway', 200, 200],
    ['none', 200, 200],
  ])(
    'with the rotation %s answers a second use with %i, and then a use of the new token with %i',
    async (rotation, second, third) => {
      await using server = await startQuirkServer({ ...(rotation === undefined ? {} : { rotation }) });
      const { refreshToken } = server.grant();
      const first = await refresh(server.url, refreshToken);
      const next = (JSON.parse(first.text) as { refresh_token?: string }).refresh_token ?? refreshToken;
      expect((await refresh(server.url, refreshToken)).status).toBe(second);
      expect((await refresh(server.url, next)).status).toBe(third);
      expect(server.record.redemptionsOf(refreshToken).presented).toBe(next === refreshToken ? 3 : 2);
    },
  );

  it('ends the leeway after its time', async () => {
    await using server = await startQuirkServer({ rotation: 'leeway', leewayMs: -1 });
    const { refreshToken } = server.grant();
    expect((await refresh(server.url, refreshToken)).status).toBe(200);
    expect((await refresh(server.url, refreshToken)).status).toBe(400);
  });

  it('answers errors of Slack and GitHub with status 200', async () => {
    await using server = await startQuirkServer({ shape: 'slack' });
    expect(await refresh(server.url, 'unknown')).toEqual({
      status: 200,
      text: '{"ok":false,"error":"invalid_refresh_token"}',
    });
    server.behave({ shape: 'github' });
    const form = await refresh(server.url, 'unknown');
    expect(form.status).toBe(200);
    expect(new URLSearchParams(form.text).get('error')).toBe('bad_refresh_token');
    const json = await refresh(server.url, 'unknown', { accept: 'application/json' });
    expect(JSON.parse(json.text)).toMatchObject({ error: 'bad_refresh_token' });
  });

  it('ends the former access token where the behaviour says so', async () => {
    await using server = await startQuirkServer({ shape: 'github', endsAccessToken: true });
    const { accessToken, refreshToken } = server.grant('ada');
    const me = async () =>
      (
        await fetch(server.endpoints.me, {
          headers: { authorization: `Bearer ${accessToken}`, connection: 'close' },
        })
      ).status;
    expect(await me()).toBe(200);
    await refresh(server.url, refreshToken);
    expect(await me()).toBe(401);
  });

  it('consents at once and sends the browser back', async () => {
    await using server = await startQuirkServer();
    const asked = new URLSearchParams({
      client_id: 'quirk-client',
      redirect_uri: 'http://127.0.0.1:1/callback/acme/notes',
      state: 's1',
      scope: 'read',
    });
    const response = await fetch(`${server.endpoints.authorization}?${asked.toString()}`, {
      redirect: 'manual',
      headers: { connection: 'close' },
    });
    const back = new URL(response.headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe('http://127.0.0.1:1/callback/acme/notes');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ state: 's1', iss: server.url });
  });

  it('loses the answer of a refresh that it processed', async () => {
    await using server = await startQuirkServer();
    const { refreshToken } = server.grant();
    server.fail({ on: 'token', when: 'after', answer: { status: 500 } });
    expect((await refresh(server.url, refreshToken)).status).toBe(500);
    expect(server.record.redemptionsOf(refreshToken)).toEqual({ presented: 1, accepted: 1 });
    expect((await refresh(server.url, refreshToken)).status).toBe(400);
  });
});
