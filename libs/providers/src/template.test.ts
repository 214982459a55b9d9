import * as fc from 'fast-check';

import type { ProviderDefinition } from './provider.js';
import { addressPattern } from './template-schema.js';
import {
  fieldProblems,
  resolveParameters,
  resolveTemplate,
  resolveText,
  settingProblems,
} from './template.js';

const sample: ProviderDefinition = {
  id: 'sample',
  name: 'Sample',
  auth: {
    kind: 'fields',
    fields: [
      { name: 'api-key', label: 'API key', secret: true },
      { name: 'note', label: 'Note', secret: false, optional: true },
    ],
  },
  settings: [
    { name: 'subdomain', label: 'Subdomain', pattern: '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?' },
    // As wide as a pattern can be: the address itself must still hold.
    { name: 'wide', label: 'Wide', pattern: '[\\s\\S]*' },
    { name: 'server', label: 'Server', pattern: addressPattern, isUrl: true },
    { name: 'region', label: 'Region', pattern: 'com|eu|com\\.au', default: 'com' },
    { name: 'audience', label: 'Audience', pattern: '\\S*', default: '' },
  ],
  hosts: ['*.example.com'],
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {api-key}' }],
  sources: [{ fact: 'all of it', url: 'https://example.com', checked: '2026-11-30' }],
};

describe('a template', () => {
  it.each([
    ['https://{subdomain}.example.com/t', { subdomain: 'acme' }, 'https://acme.example.com/t'],
    ['https://example.{region}/t', {}, 'https://example.com/t'],
    ['https://example.{region}/t', { region: 'com.au' }, 'https://example.com.au/t'],
    ['{server}/oauth/token', { server: 'https://git.acme.com/sub/' }, 'https://git.acme.com/sub/oauth/token'],
    ['{server}/oauth/token', { server: 'http://127.0.0.1:9000' }, 'http://127.0.0.1:9000/oauth/token'],
  ])('%s takes its values', (template, values, address) => {
    expect(resolveTemplate(sample, template, values)).toBe(address);
  });

  it.each([
    [
      'a value that its pattern does not match whole',
      'https://{subdomain}.example.com',
      { subdomain: 'acme.evil' },
    ],
    ['a value with a line end', 'https://{subdomain}.example.com', { subdomain: 'acme\n' }],
    ['a dot segment', 'https://example.com/{wide}/t', { wide: '..' }],
    ['an encoded slash', 'https://example.com/{wide}/t', { wide: 'a%2fb' }],
    ['a whole address in the middle', 'https://example.com/{server}', { server: 'https://evil.example' }],
    ['plain http to a public host', '{server}/t', { server: 'http://git.acme.com' }],
    ['an address with a user', '{server}/t', { server: 'https://a:b@git.acme.com' }],
    ['an address with a query', '{server}/t', { server: 'https://git.acme.com/?x' }],
    ['an address without slashes', '{server}/t', { server: 'https:git.acme.com' }],
    ['an address of another scheme', '{server}/t', { server: 'file:///etc' }],
  ])('refuses %s, by the name of the value alone (TP2)', (_, template, values) => {
    const [name = ''] = Object.keys(values);
    const [value = ''] = Object.values(values);
    expect(() => resolveTemplate(sample, template, values)).toThrow(
      expect.objectContaining({ code: 'PROVIDER_VALUE_INVALID', names: [name] }) as Error,
    );
    expect(() => resolveTemplate(sample, template, values)).not.toThrow(value);
  });

  it('names a missing value and an unknown one', () => {
    expect(() => resolveTemplate(sample, 'https://{subdomain}.example.com', {})).toThrow(
      'Sample needs subdomain (Subdomain).',
    );
    expect(() => resolveTemplate(sample, 'https://{other}.example.com', { other: 'x' })).toThrow(
      'Sample has no setting or field other.',
    );
    expect(() =>
      resolveTemplate(
        sample,
        'https://{subdomain}.example.com',
        Object.create({ subdomain: 'x' }) as Record<string, string>,
      ),
    ).toThrow('Sample needs subdomain');
  });

  it('keeps every value in its own part of the address (TP1)', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('a', '.', '/', '@', ':', '?', '#', '\\', '%', '2', 'e', ' ', '\t', '\n', '['),
      }),
    );
    let resolved = 0;
    fc.assert(
      fc.property(text, text, (host, path) => {
        let address: string;
        try {
          // Two templates, because one value that is refused would hide the other.
          const first = resolveTemplate(sample, 'https://{wide}.example.com/a/t', { wide: host });
          const second = resolveTemplate(sample, 'https://x.example.com/a/{wide}/t?q={wide}', { wide: path });
          address = first;
          const url = new URL(second);
          expect(url.host).toBe('x.example.com');
          expect(url.pathname).toBe(`/a/${path}/t`);
          expect([...url.searchParams]).toEqual([['q', path]]);
          resolved += 1;
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^PROVIDER_VALUE_/) as string });
          return;
        }
        const url = new URL(address);
        expect(url.host).toBe(`${host.toLowerCase()}.example.com`);
        expect([url.protocol, url.username, url.port, url.pathname, url.search, url.hash]).toEqual([
          'https:',
          '',
          '',
          '/a/t',
          '',
          '',
        ]);
      }),
      { numRuns: 5_000, examples: [['a', 'b']] },
    );
    expect(resolved).toBeGreaterThan(0);
  });

  it('takes a whole address without changing what follows it (TP1)', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string()),
        (server) => {
          let address: string;
          try {
            address = resolveTemplate(sample, '{server}/oauth/token', { server });
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^PROVIDER_VALUE_/) as string });
            return;
          }
          const url = new URL(address);
          expect(url.host).toBe(new URL(server).host);
          expect(url.pathname.endsWith('/oauth/token')).toBe(true);
          expect([url.username, url.search, url.hash]).toEqual(['', '', '']);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('parameters', () => {
  it('leave out what is empty and take values that no address could', () => {
    const parameters = { audience: '{audience}', prompt: 'consent' };
    expect(resolveParameters(sample, parameters, {})).toEqual({ prompt: 'consent' });
    expect(resolveParameters(sample, parameters, { audience: 'https://api.example.com/' })).toEqual({
      audience: 'https://api.example.com/',
      prompt: 'consent',
    });
    expect(resolveParameters(sample, undefined, {})).toEqual({});
  });

  it('do not read braces in a value again', () => {
    expect(resolveText(sample, 'x {audience} y', { audience: '{subdomain}' })).toBe('x {subdomain} y');
  });
});

describe('the problems of values', () => {
  it('name every setting that is missing, unfit or unknown, and no value', () => {
    expect(settingProblems(sample, { subdomain: '-', wide: 'x', other: 'secret' })).toEqual([
      'Sample has no setting other; leave it out.',
      expect.stringContaining('subdomain (Subdomain) of Sample does not have its form') as string,
      'Sample needs server (Server).',
    ]);
    expect(settingProblems(sample, { subdomain: 'acme', wide: 'x', server: 'https://git.acme.com' })).toEqual(
      [],
    );
  });

  it('let an optional field be empty, and no field hold a line end', () => {
    expect(fieldProblems(sample, { 'api-key': 'k' })).toEqual([]);
    expect(fieldProblems(sample, { 'api-key': '' })).toEqual(['Sample needs api-key (API key).']);
    expect(fieldProblems(sample, { 'api-key': 'secret\nvalue' })).toEqual([
      'api-key (API key) of Sample does not have its form; it must match one line.',
    ]);
  });
});
