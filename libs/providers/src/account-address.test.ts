import * as fc from 'fast-check';
import { isCovered } from '@action-mesh/connections';

import { accountOf, accountRequest, baseRequest } from './account.js';
import { baseOf, hostsOf, type BaseFacts } from './account-address.js';
import type { ProviderDefinition } from './provider.js';
import { providers } from './registry.js';

function provider(id: string): ProviderDefinition {
  const found = providers.get(id);
  if (found === undefined) throw new Error(`there is no provider ${id}`);
  return found;
}

function base(id: string, facts: Partial<BaseFacts> = {}) {
  return baseOf(provider(id), { settings: {}, fields: {}, ...facts });
}

describe('the base of an account', () => {
  const from = 'https://your-domain.my.salesforce.com';

  it('is the address in the token answer, or the stored one', () => {
    const to = 'https://acme.my.salesforce.com';
    expect(base('salesforce', { details: { instance_url: `${to}/` } })).toEqual({ from, to });
    expect(base('salesforce', { baseUrl: to })).toEqual({ from, to });
  });

  it.each([
    'https://evil.example',
    'https://salesforce.com.evil.example',
    'https://evilsalesforce.com',
    'https://acme.my.salesforce.com@evil.example',
    'https://evil.example/.my.salesforce.com',
    'https://evil.example\\.my.salesforce.com',
    'https://evil.example?.my.salesforce.com',
    'https://evil.example#.my.salesforce.com',
    'http://acme.my.salesforce.com',
    'https://acme.my.salesforce.com:8443',
    'javascript:alert(1)',
    `https://acme.my.salesforce.com/${'/'.repeat(20_000)}`,
  ])('is never at a foreign host, and the error does not show it: %s (BA1)', (address) => {
    for (const facts of [{ details: { instance_url: address } }, { baseUrl: address }]) {
      expect(() => base('salesforce', facts)).toThrow(
        expect.objectContaining({ code: 'PROVIDER_FOREIGN_HOST' }) as Error,
      );
      expect(() => base('salesforce', facts)).not.toThrow(address);
    }
  });

  it('has a host of the provider, whatever the token answer holds (BA1)', () => {
    const texts = fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc.tuple(fc.string(), fc.string()).map(([a, b]) => `https://${a}.my.salesforce.com${b}`),
    );
    fc.assert(
      fc.property(texts, (address) => {
        try {
          const found = base('salesforce', { details: { instance_url: address } });
          expect(isCovered(new URL(found?.to ?? '').host, provider('salesforce').hosts)).toBe(true);
          expect(found?.to.startsWith('https://')).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^PROVIDER_/) as string });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('says when the token answer names none', () => {
    expect(() => base('salesforce', { details: {} })).toThrow('named no address for this account');
  });

  it('is the only site of an account, or the one that the setting names', () => {
    const sites = [
      { id: '1111', url: 'https://acme.atlassian.net' },
      { id: '2222', url: 'https://other.atlassian.net' },
    ];
    const site = (id: string) => ({
      from: 'https://api.atlassian.com/ex/jira/your-cloud-id',
      to: `https://api.atlassian.com/ex/jira/${id}`,
    });
    expect(base('atlassian', { details: sites.slice(0, 1) })).toEqual(site('1111'));
    expect(base('atlassian', { details: sites, settings: { site: 'other' } })).toEqual(site('2222'));
    expect(() => base('atlassian', { details: sites })).toThrow('name one in the setting site');
    expect(() => base('atlassian', { details: sites, settings: { site: 'third' } })).toThrow('site');
    expect(() => base('atlassian', { details: [] })).toThrow('named no address');
    expect(() => base('atlassian', { details: [{ id: '../x', url: '' }] })).toThrow('hosts do not cover');
  });

  it('comes from the callback, from a setting, or from the tenant', () => {
    expect(base('quickbooks', { details: { callback: { realmId: '123' } } })?.to).toBe(
      'https://quickbooks.api.intuit.com/v3/company/123',
    );
    expect(base('intercom', { settings: { region: 'api.eu' } })?.to).toBe('https://api.eu.intercom.io');
    expect(base('zoho', { details: { api_domain: 'https://www.zohoapis.eu' } })?.to).toBe(
      'https://www.zohoapis.eu',
    );
    const facts = { baseUrl: 'https://git.acme.com/api/v3', hosts: ['git.acme.com'] };
    expect(base('github', facts)).toEqual({
      from: 'https://api.github.com',
      to: 'https://git.acme.com/api/v3',
    });
    expect(() => base('github', { baseUrl: facts.baseUrl })).toThrow('hosts do not cover');
    expect(base('github')).toBeUndefined();
    expect(base('oauth2', facts)).toBeUndefined();
  });
});

describe('the hosts of a lease', () => {
  it('narrow to the organization of the account, or to the tenant’s own server', () => {
    const found = base('salesforce', { baseUrl: 'https://acme.my.salesforce.com' });
    expect(hostsOf(provider('salesforce'), [], found)).toEqual(['acme.my.salesforce.com']);
    expect(hostsOf(provider('github'), ['git.acme.com'], undefined)).toEqual([
      'api.github.com',
      'uploads.github.com',
      'git.acme.com',
    ]);
    expect(
      hostsOf(provider('github'), ['git.acme.com'], { from: 'x', to: 'https://git.acme.com/api/v3' }),
    ).toEqual(['git.acme.com']);
  });
});

describe('the account of a credential', () => {
  it('is in the answer that its provider names', () => {
    expect(accountOf(provider('github'), { id: 583231, login: 'octocat' })).toEqual({
      id: '583231',
      name: 'octocat',
    });
    expect(
      accountOf(provider('slack-user'), { team: { id: 'T1', name: 'Acme' }, authed_user: { id: 'U1' } }),
    ).toEqual({
      id: 'T1/U1',
      name: 'Acme',
    });
    expect(accountOf(provider('slack-user'), { team: { id: 'T1' } })).toBeUndefined();
    expect(accountOf(provider('basic'), { id: 1 })).toBeUndefined();
    expect(accountOf(provider('github'), { id: 'x'.repeat(501) })).toBeUndefined();
  });

  it('is asked for at the own base alone', () => {
    const facts = { settings: {}, fields: {} };
    expect(
      accountRequest(provider('atlassian'), { ...facts, baseUrl: 'https://api.atlassian.com/ex/jira/1/' }),
    ).toEqual({
      method: 'GET',
      url: 'https://api.atlassian.com/ex/jira/1/rest/api/3/myself',
      headers: {},
    });
    expect(() =>
      accountRequest(provider('atlassian'), { ...facts, baseUrl: 'https://evil.example' }),
    ).toThrow('hosts do not cover');
    expect(() => accountRequest(provider('atlassian'), facts)).toThrow('hosts do not cover');
    expect(accountRequest(provider('linear'), facts)).toMatchObject({
      method: 'POST',
      body: { query: expect.any(String) as string },
    });
    expect(accountRequest(provider('slack'), facts)).toBeUndefined();
    expect(baseRequest(provider('atlassian'), facts)?.url).toBe(
      'https://api.atlassian.com/oauth/token/accessible-resources',
    );
    expect(baseRequest(provider('salesforce'), facts)).toBeUndefined();
  });

  it.each([...providers.values()].map((each) => [each.id, each] as const))(
    '%s: requests for it stay at the hosts of the provider',
    (_, each) => {
      const facts = { settings: {}, fields: {}, baseUrl: `https://${each.hosts[0] ?? ''}` };
      if (each.identity?.from === 'request') expect(() => accountRequest(each, facts)).not.toThrow();
      if (each.base?.from === 'request') expect(() => baseRequest(each, facts)).not.toThrow();
    },
  );
});
