import { leakCheck, startQuirkServer, type OAuthFault } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import { Egress } from '@action-mesh/egress';

import { TokenEndpoint } from '../../src/adapters/oauth/token-endpoint.js';
import { failureIn, integrationOf, OAuthRig, providerAt } from './oauth-rig.js';

jest.setTimeout(60_000);
leakCheck();

async function refreshed(fault: Omit<OAuthFault, 'on'>) {
  await using server = await startQuirkServer();
  await using rig = new OAuthRig(server.host);
  const { refreshToken } = server.grant();
  server.fail({ on: 'token', ...fault });
  const failure = failureIn(
    await rig.client.refresh(integrationOf(providerAt(server)), refreshToken, undefined),
  );
  return { failure, uses: server.record.redemptionsOf(refreshToken), requests: server.record.requests };
}

const json = { 'content-type': 'application/json' };

describe('a refresh', () => {
  it.each<[string, OAuthFault['answer'], object]>([
    ['500', { status: 500 }, { kind: 'transient', code: 'http_500', certainlyNotProcessed: false }],
    [
      '503 and seconds',
      { status: 503, headers: { 'retry-after': '7' } },
      { kind: 'transient', retryAfterMs: 7_000 },
    ],
    [
      '429 and a date in the past',
      { status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } },
      { kind: 'transient', code: 'http_429', retryAfterMs: 0, certainlyNotProcessed: true },
    ],
    ['400 without a code', { status: 400, body: 'no' }, { kind: 'unknown', code: 'http_400' }],
    [
      'invalid_client',
      { error: 'invalid_client' },
      { kind: 'client', code: 'invalid_client', certainlyNotProcessed: true },
    ],
    [
      'a code that nobody knows',
      { error: 'AADSTS50076: x\n<b>' },
      { kind: 'unknown', code: 'aadsts50076_x_b_' },
    ],
    ['an endless code', { error: 'z'.repeat(5_000) }, { kind: 'unknown', code: 'z'.repeat(100) }],
    [
      'no JSON',
      { status: 200, headers: json, body: '{"access_token":' },
      { kind: 'transient', code: 'malformed_answer' },
    ],
    [
      'a page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' },
      { code: 'malformed_answer' },
    ],
    [
      'nothing',
      { status: 200 },
      { kind: 'transient', code: 'malformed_answer', certainlyNotProcessed: false },
    ],
    ['null', { status: 200, body: 'null' }, { code: 'malformed_answer' }],
    ['a text', { status: 200, body: '"token"' }, { code: 'malformed_answer' }],
    ['a list', { status: 200, body: '[{"access_token":"x"}]' }, { code: 'malformed_answer' }],
    ['a token that is no text', { status: 200, body: '{"access_token":{}}' }, { code: 'malformed_answer' }],
    [
      'a poisoned prototype',
      { status: 200, headers: json, body: '{"__proto__":{"access_token":"x"}}' },
      { code: 'malformed_answer' },
    ],
    [
      'an error beside a token',
      { status: 200, body: '{"error":"server_error","access_token":"x"}' },
      { kind: 'transient', code: 'server_error' },
    ],
    ['16 MB', 'huge', { kind: 'transient', code: 'answer_too_large', certainlyNotProcessed: false }],
    ['a cut', 'cut', { kind: 'transient', code: 'connection_lost', certainlyNotProcessed: false }],
  ])('fails as %s tells', async (_what, answer, expected) => {
    const { failure } = await refreshed({ ...(answer === undefined ? {} : { answer }) });
    expect(failure).toMatchObject(expected);
    expect(failure.code).toMatch(/^[a-z0-9_.-]{1,100}$/);
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i)', async (status) => {
    await using target = await startQuirkServer();
    const location = target.endpoints.token;
    const { failure } = await refreshed({
      answer: { status, headers: { ...json, location }, body: '{"access_token":"x"}' },
    });
    expect(failure).toMatchObject({ kind: 'unknown', code: 'redirect', certainlyNotProcessed: false });
    expect(target.record.requests).toHaveLength(0);
  });

  it('is never repeated after a lost answer, and says that the token may be used up', async () => {
    const { failure, uses } = await refreshed({ when: 'after', answer: 'cut' });
    expect(failure).toMatchObject({ code: 'connection_lost', certainlyNotProcessed: false });
    expect(uses).toEqual({ presented: 1, accepted: 1 });
  });

  it('reaches no address that the policy does not allow (TE1)', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig();
    const refused = await rig.client.refresh(integrationOf(providerAt(server)), 'rt', undefined);
    expect(failureIn(refused)).toEqual({
      kind: 'client',
      code: 'egress_denied',
      certainlyNotProcessed: true,
    });
    expect(server.record.requests).toHaveLength(0);
  });

  it('knows that nothing was processed where nothing listens', async () => {
    const server = await startQuirkServer();
    await server[Symbol.asyncDispose]();
    await using rig = new OAuthRig(server.host);
    const refused = await rig.client.refresh(integrationOf(providerAt(server)), 'rt', undefined);
    expect(failureIn(refused)).toEqual({ kind: 'transient', code: 'refused', certainlyNotProcessed: true });
  });

  it('fails for a client id that no request can carry', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const integration = integrationOf(providerAt(server), { clientSecret: 'sécret' });
    expect(failureIn(await rig.client.refresh(integration, 'rt', undefined))).toMatchObject({
      kind: 'client',
      code: 'invalid_client_settings',
    });
  });
});

describe('a token endpoint that does not end its answer (TE1)', () => {
  it.each(['silence', 'trickle'] as const)('is given up at the deadline (%s)', async (answer) => {
    await using server = await startQuirkServer();
    await using egress = new Egress({ allow: [server.host] });
    server.fail({ on: 'token', when: 'after', answer });
    const { refreshToken } = server.grant();
    const result = await new TokenEndpoint(egress, 300).request({
      url: server.endpoints.token,
      client: { clientId: 'quirk-client', clientSecret: 'quirk-secret' },
      clientAuth: 'basic',
      bodyFormat: 'form',
      headers: {},
      grant: { kind: 'refresh', refreshToken },
      parameters: {},
    });
    expect(result).toEqual({
      kind: 'failure',
      failure: { kind: 'transient', code: 'timeout', certainlyNotProcessed: false },
    });
    expect(server.record.redemptionsOf(refreshToken)).toEqual({ presented: 1, accepted: 1 });
  });
});

describe('a revocation', () => {
  it.each<[string, OAuthFault['answer'], object]>([
    ['200', { status: 200 }, { ok: true, value: 'revoked' }],
    ['204', { status: 204 }, { ok: true, value: 'revoked' }],
    ['400 invalid_token', { error: 'invalid_token' }, { ok: true, value: 'revoked' }],
    [
      '503',
      { status: 503, headers: { 'retry-after': '30' } },
      { ok: false, failure: { kind: 'transient', code: 'http_503', retryAfterMs: 30_000 } },
    ],
    [
      'invalid_client',
      { error: 'invalid_client' },
      { ok: false, failure: { kind: 'client', code: 'invalid_client' } },
    ],
    ['a cut', 'cut', { ok: false, failure: { kind: 'transient', code: 'connection_lost' } }],
  ])('with the empty answer %s is %p', async (_what, answer, expected) => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const { accessToken, refreshToken } = server.grant();
    server.fail({ on: 'revocation', times: 2, ...(answer === undefined ? {} : { answer }) });
    const revoked = await rig.client.revoke(integrationOf(providerAt(server)), { accessToken, refreshToken });
    expect(revoked).toMatchObject(expected);
  });

  it('ends the refresh token first, and is unsupported without an address', async () => {
    await using server = await startQuirkServer();
    await using rig = new OAuthRig(server.host);
    const { accessToken, refreshToken } = server.grant();
    const provider = providerAt(server);
    await rig.client.revoke(integrationOf(provider), { accessToken, refreshToken });
    expect(server.record.requestsTo('revocation').map(({ parameters }) => parameters)).toEqual([
      { token: refreshToken, token_type_hint: 'refresh_token' },
      { token: accessToken, token_type_hint: 'access_token' },
    ]);
    const { revocation: _none, ...auth } = provider.auth as Extract<typeof provider.auth, { kind: 'oauth2' }>;
    expect(await rig.client.revoke(integrationOf({ ...provider, auth }), { accessToken })).toEqual({
      ok: true,
      value: 'unsupported',
    });
  });
});
