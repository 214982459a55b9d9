import { missingEntry } from '@action-mesh/egress';
import { providers } from '@action-mesh/providers';

import { InvalidIdentityError } from '../auth-broker.errors.js';
import { keepsSecret } from './integration-changes.js';
import { readIntegration } from './integration-settings.js';
import type { StoredIntegration } from './stored-integration.js';

const canary = 'canary-secret-9d20';
const rules = { providers, missingEntry: (url: string) => missingEntry(url) };
const github = { client_id: 'client-1', client_secret: canary };

/** The pointers of the problems of a request, and the text of the whole error. */
function problemsOf(name: string, body: unknown, allow: readonly string[] = []) {
  try {
    readIntegration(name, body, { providers, missingEntry: (url) => missingEntry(url, allow) });
    return { pointers: [], text: '' };
  } catch (error) {
    if (!(error instanceof InvalidIdentityError)) throw error;
    return { pointers: error.problems.map(({ pointer }) => pointer), text: error.message };
  }
}

describe('an integration as its tenant writes it', () => {
  it('takes the provider from its name, and the scopes from the provider', () => {
    const { settings, clientSecret } = readIntegration('github', github, rules);
    expect(settings).toMatchObject({
      provider: 'github',
      clientId: 'client-1',
      hosts: [],
      returnOrigins: [],
    });
    expect(settings.scopes).toEqual(providers.get('github')?.scopes);
    expect(clientSecret).toBe(canary);
  });

  it('has all its problems in one answer, and no value in it', () => {
    const { pointers, text } = problemsOf('github', {
      client_secret: canary,
      hosts: ['127.0.0.1', 'localhost', '10.0.0.1:8443', 'api.acme.example:443'],
      base_url: 'https://evil.example/api',
      settings: { unknown: canary },
      return_origins: ['https://app.example/', 'http://app.example', 'https://a@app.example'],
    });
    expect(pointers).toEqual([
      '/client_id',
      '/settings/unknown',
      '/hosts/0',
      '/hosts/1',
      '/hosts/2',
      '/hosts/3',
      '/base_url',
      '/return_origins/0',
      '/return_origins/1',
      '/return_origins/2',
    ]);
    expect(text).not.toContain(canary);
  });

  it('has at most as many hosts as a published integration, with those of its provider', () => {
    const hosts = Array.from({ length: 50 }, (_, n) => `h${n}.example.com`);
    const own = providers.get('github')?.hosts.length ?? 0;
    expect(problemsOf('github', { ...github, hosts }).pointers).toEqual(['/hosts']);
    expect(problemsOf('github', { ...github, hosts: hosts.slice(own) }).pointers).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['an unknown member', { ...github, owner: 'eve' }],
    ['a prototype', JSON.parse('{"client_id":"a","__proto__":{"hosts":["x.example"]}}')],
    ['a tenant of its choice', { ...github, tenant_id: 'globex' }],
    ['a host with a scheme', { ...github, hosts: ['https://x.example'] }],
    ['a pattern for a whole top-level domain', { ...github, hosts: ['*.com'] }],
    ['a pattern in the middle', { ...github, hosts: ['api.*.example.com'] }],
    ['a host in upper case', { ...github, hosts: ['API.example.com'] }],
    ['a port that does not exist', { ...github, hosts: ['api.example.com:99999'] }],
    ['a number as a host', { ...github, hosts: ['2130706433'] }],
    ['metadata of a cloud', { ...github, hosts: ['169.254.169.254'] }],
    ['a base URL with a user', { ...github, base_url: 'https://a:b@api.github.com' }],
    ['a base URL with a query', { ...github, base_url: 'https://api.github.com/?x=1' }],
    ['a base URL without TLS', { ...github, base_url: 'http://api.github.com' }],
    ['a base URL of a script', { ...github, base_url: 'javascript:alert(1)' }],
    ['an origin with a path', { ...github, return_origins: ['https://app.example/x'] }],
    ['an origin with a wildcard', { ...github, return_origins: ['https://*.example.com/'] }],
    ['a client id with NUL', { ...github, client_id: 'a\u0000b' }],
    ['a secret with a lone surrogate', { ...github, client_secret: '\ud800' }],
    ['an unknown provider', { ...github, provider: 'nobody' }],
  ])('is refused with %s', (_, body) => {
    const { pointers, text } = problemsOf('github', body);
    expect(pointers.length).toBeGreaterThan(0);
    expect(text).not.toContain(canary);
  });

  it.each(['', 'GitHub', 'a/b', '..', 'a'.repeat(64)])('is refused under the name %p', (name) => {
    expect(problemsOf(name, github).pointers).toEqual(['/integration']);
  });

  it('reaches hosts inside the network only where the operator allows them', () => {
    const body = { ...github, hosts: ['127.0.0.1:9000'], base_url: 'http://127.0.0.1:9000/api' };
    expect(problemsOf('github', body).pointers).toEqual(['/hosts/0', '/base_url']);
    expect(problemsOf('github', body, ['127.0.0.1:9000']).pointers).toEqual([]);
  });

  it('has no client where users enter the whole credential', () => {
    const { pointers } = problemsOf('api-key-header', { ...github, hosts: ['api.example.com'] });
    expect(pointers).toEqual(expect.arrayContaining(['/client_id', '/client_secret']));
  });

  it('names a host where the provider names none', () => {
    expect(problemsOf('api-key-header', {}).pointers).toContain('/hosts');
  });
});

describe('a change of an integration', () => {
  const stored: StoredIntegration = {
    tenantId: 'acme',
    integration: 'github',
    provider: 'github',
    clientId: 'client-1',
    sealedSecret: Buffer.from('sealed'),
    scopes: [],
    serves: [],
    hosts: [],
    settings: {},
    returnOrigins: [],
    updatedAt: '2026-11-30T00:00:00.000Z',
  };
  const change = (body: object, connections = 0): boolean =>
    keepsSecret(readIntegration('github', body, rules), { stored, connections });

  it('keeps the secret of the same client, and takes a new one', () => {
    expect(change({ client_id: 'client-1' }, 3)).toBe(true);
    expect(change(github, 3)).toBe(false);
  });

  it('keeps the client while connections belong to it (IN1)', () => {
    expect(() => change({ ...github, client_id: 'client-2' }, 1)).toThrow('1 connections');
    expect(change({ ...github, client_id: 'client-2' })).toBe(false);
  });

  it('needs the secret again where the settings change its destination (IN2)', () => {
    const server = (issuer: string, more: object = {}): boolean => {
      const settings = { issuer };
      const body = {
        provider: 'oauth2',
        client_id: 'client-1',
        hosts: ['api.example.com'],
        settings,
        ...more,
      };
      const kept = {
        ...stored,
        provider: 'oauth2',
        settings: { ...settings, issuer: 'https://login.example.com' },
      };
      return keepsSecret(readIntegration('github', body, rules), { stored: kept, connections: 0 });
    };
    expect(server('https://login.example.com')).toBe(true);
    expect(() => server('https://attacker.example')).toThrow('/client_secret is required');
    expect(server('https://attacker.example', { client_secret: 'known' })).toBe(false);
  });

  it('needs the secret of another client (IN2)', () => {
    expect(() => change({ client_id: 'client-2' })).toThrow('/client_secret');
    expect(() => keepsSecret(readIntegration('github', { client_id: 'a' }, rules), undefined)).toThrow(
      '/client_secret is required',
    );
  });
});
