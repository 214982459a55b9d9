import type { ProviderDefinition } from './provider.js';
import { providers } from './registry.js';
import { expandScopes, ordinaryScopes } from './scopes.js';
import { tokenErrorOf } from './token-errors.js';
import { consentTraits, endpointTraits, tokenAnswerTraits } from './traits.js';

function provider(id: string): ProviderDefinition {
  const found = providers.get(id);
  if (found === undefined) throw new Error(`there is no provider ${id}`);
  return found;
}

/** Only the required members. */
const plain: ProviderDefinition = {
  id: 'plain',
  name: 'Plain',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://login.example.com/authorize',
    tokenUrl: 'https://login.example.com/token',
    revocation: { url: 'https://login.example.com/revoke' },
  },
  hosts: ['api.example.com'],
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  sources: [{ fact: 'all', url: 'https://example.com', checked: '2026-11-30' }],
};

describe('the traits of a provider', () => {
  it('hold every default', () => {
    expect(endpointTraits(plain, {})).toEqual({
      authorizationUrl: 'https://login.example.com/authorize',
      tokenUrl: 'https://login.example.com/token',
      refreshUrl: 'https://login.example.com/token',
      clientAuth: 'body',
      bodyFormat: 'form',
      pkce: true,
      issuer: undefined,
      sendsIssuer: false,
      callbackParameters: [],
      revocation: {
        url: 'https://login.example.com/revoke',
        parameter: 'token',
        method: 'POST',
        auth: 'client',
        headers: {},
        bodyFormat: 'form',
        tokens: ['refresh', 'access'],
        success: undefined,
      },
    });
    expect(consentTraits(plain, {})).toEqual({
      scopeSeparator: ' ',
      scopeParameter: 'scope',
      authorizeParameters: {},
      tokenParameters: {},
      refreshParameters: {},
      tokenHeaders: {},
    });
    expect(tokenAnswerTraits(plain, 'refresh')).toEqual({
      accessToken: '/access_token',
      refreshToken: '/refresh_token',
      expiresIn: '/expires_in',
      expiresInUnitMs: 1_000,
      refreshExpiresIn: ['/refresh_token_expires_in', '/x_refresh_token_expires_in'],
      scope: '/scope',
      success: undefined,
      error: ['/error'],
    });
  });

  it('take the tenant’s settings where the data leave the choice', () => {
    const settings = {
      'authorization-url': 'https://login.acme.com/authorize',
      'token-url': 'https://login.acme.com/token',
    };
    expect(endpointTraits(provider('oauth2-manual'), settings)).toMatchObject({
      authorizationUrl: 'https://login.acme.com/authorize',
      tokenUrl: 'https://login.acme.com/token',
      clientAuth: 'basic',
      pkce: true,
    });
    expect(
      endpointTraits(provider('oauth2-manual'), { ...settings, 'client-auth': 'body', pkce: 'off' }),
    ).toMatchObject({ clientAuth: 'body', pkce: false });
    expect(() => endpointTraits(provider('oauth2-manual'), { ...settings, pkce: 'plain' })).toThrow('pkce');
    expect(consentTraits(provider('oauth2'), { audience: 'https://api.acme.com' }).tokenParameters).toEqual({
      audience: 'https://api.acme.com',
    });
    expect(endpointTraits(provider('oauth2'), {})).toBeUndefined();
  });

  it('fill the client id into an address without letting it change the path', () => {
    expect(endpointTraits(provider('github'), {}, 'Iv1.a')?.revocation?.url).toBe(
      'https://api.github.com/applications/Iv1.a/grant',
    );
    expect(endpointTraits(provider('github'), {}, '../x?')?.revocation?.url).toBe(
      'https://api.github.com/applications/..%2Fx%3F/grant',
    );
  });

  it('are refused for entered fields, which have no token endpoint', () => {
    expect(() => endpointTraits(provider('basic'), {})).toThrow('no token endpoint');
  });
});

describe('the error of a token answer', () => {
  it('is found at every place, and a known code comes first', () => {
    const zoom = provider('zoom');
    expect(tokenErrorOf(zoom, 'refresh', { reason: 'Invalid Token!', error: 'invalid_request' })).toEqual({
      code: 'Invalid Token!',
      kind: 'permanent',
    });
    expect(tokenErrorOf(zoom, 'refresh', { reason: 'Bad client', error: 'invalid_client' })).toEqual({
      code: 'invalid_client',
      kind: 'client',
    });
    expect(tokenErrorOf(zoom, 'refresh', { reason: 'Something' })).toEqual({
      code: 'Something',
      kind: undefined,
    });
    expect(tokenErrorOf(zoom, 'refresh', { access_token: 'x' })).toBeUndefined();
    expect(tokenErrorOf(zoom, 'refresh', 'text')).toBeUndefined();
  });
});

describe('scopes', () => {
  it('include what they include, at any depth, once, and through a cycle', () => {
    const cyclic: ProviderDefinition = { ...plain, impliedScopes: { a: ['b'], b: ['c', 'a'], c: ['a'] } };
    expect(expandScopes(cyclic, ['a'])).toEqual(['a', 'b', 'c']);
    expect(expandScopes(cyclic, ['constructor'])).toEqual(['constructor']);
    expect(expandScopes(cyclic, undefined)).toBeUndefined();
    expect(expandScopes(provider('github'), ['repo'])).toContain('public_repo');
    expect(expandScopes(provider('linear'), ['admin'])).toContain('issues:create');
  });

  it('of a consent are the chosen ones or the ordinary ones, with the required ones', () => {
    expect(ordinaryScopes(provider('linear'))).toEqual(['read', 'write']);
    expect(ordinaryScopes(provider('atlassian'), ['read:jira-work'])).toEqual([
      'read:jira-work',
      'offline_access',
    ]);
    expect(ordinaryScopes(provider('atlassian'), ['offline_access'])).toEqual(['offline_access']);
    expect(ordinaryScopes(provider('basic'))).toEqual([]);
  });
});
