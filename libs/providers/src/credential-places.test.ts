import { credentialPlaces } from './credential-places.js';
import type { ProviderDefinition } from './provider.js';
import { providers } from './registry.js';

function places(id: string, secrets: Record<string, string>, settings: Record<string, string> = {}) {
  const provider = providers.get(id);
  if (provider === undefined) throw new Error(`there is no provider ${id}`);
  return credentialPlaces(provider, { secrets, settings });
}

describe('the places of a credential', () => {
  it('are a bearer header for an access token', () => {
    expect(places('google', { access_token: 'ya29' })).toEqual([
      { in: 'header', name: 'authorization', value: 'Bearer ya29' },
    ]);
  });

  it('are a header or a query parameter of the tenant’s choice for a key', () => {
    expect(places('api-key-header', { 'api-key': 'k' })).toEqual([
      { in: 'header', name: 'x-api-key', value: 'k' },
    ]);
    expect(
      places('api-key-header', { 'api-key': 'k' }, { header: 'Authorization', scheme: 'Token' }),
    ).toEqual([{ in: 'header', name: 'authorization', value: 'Token k' }]);
    expect(places('api-key-query', { 'api-key': 'a&b' }, { parameter: 'key' })).toEqual([
      { in: 'query', name: 'key', value: 'a&b' },
    ]);
  });

  it('are both headers of two keys', () => {
    expect(
      places(
        'api-key-fields',
        { 'first-key': 'a', 'second-key': 'b' },
        { 'first-header': 'dd-api-key', 'second-header': 'dd-application-key' },
      ),
    ).toEqual([
      { in: 'header', name: 'dd-api-key', value: 'a' },
      { in: 'header', name: 'dd-application-key', value: 'b' },
    ]);
  });

  it('are Basic in UTF-8, with a colon in the password or no password', () => {
    const value = (name: string) => `Basic ${Buffer.from(name, 'utf8').toString('base64')}`;
    expect(places('basic', { username: 'zoë', password: 'a:b' })[0]?.value).toBe(value('zoë:a:b'));
    expect(places('basic', { username: 'key' })[0]?.value).toBe(value('key:'));
  });

  it('never hold the braces of a value as a template', () => {
    expect(places('api-key-header', { 'api-key': '{scheme}' }, { scheme: 'Bearer' })[0]?.value).toBe(
      'Bearer {scheme}',
    );
  });

  it('lose the line end of a pasted token', () => {
    expect(places('google', { access_token: 'ya29\n' })[0]?.value).toBe('Bearer ya29');
  });

  it.each<[string, string, Record<string, string>, Record<string, string>, string]>([
    ['a missing token', 'google', {}, {}, 'has no access_token'],
    ['a missing key', 'api-key-header', {}, {}, 'needs api-key'],
    ['a colon in the user name', 'basic', { username: 'sec:ret', password: 'pass-word' }, {}, 'username'],
    ['a line end inside', 'google', { access_token: 'sec\nret' }, {}, 'no header can carry'],
    [
      'a header of the connection',
      'api-key-header',
      { 'api-key': 'secret' },
      { header: 'Host' },
      'choose a header',
    ],
    [
      'a header of the body',
      'api-key-header',
      { 'api-key': 'secret' },
      { header: 'content-length' },
      'choose a header',
    ],
  ])('refuse %s without showing it', (_, id, secrets, settings, message) => {
    expect(() => places(id, secrets, settings)).toThrow(message);
    for (const secret of Object.values(secrets))
      expect(() => places(id, secrets, settings)).not.toThrow(secret);
  });

  it('take a token from its own member, never from a prototype', () => {
    expect(() => places('google', Object.create({ access_token: 'x' }) as Record<string, string>)).toThrow(
      'has no access_token',
    );
  });

  it('refuse a colon in a user name whose field has no pattern', () => {
    const provider: ProviderDefinition = {
      id: 'sample',
      name: 'Sample',
      auth: { kind: 'fields', fields: [{ name: 'user', label: 'User', secret: false }] },
      hosts: ['api.example.com'],
      credential: [{ in: 'header', name: 'authorization', value: '{user}:x', encode: 'basic' }],
      sources: [{ fact: 'all', url: 'https://example.com', checked: '2026-11-30' }],
    };
    expect(() => credentialPlaces(provider, { secrets: { user: 'a:b' }, settings: {} })).toThrow('colon');
  });
});
