import { readdirSync } from 'node:fs';

import { providerSchema, type ProviderDefinition } from './provider.js';
import { templateVariables } from './template-variables.js';
import { providers } from './registry.js';
import { resolveTemplate, settingProblems } from './template.js';
import { endpointTraits, refreshTraits, tokenAnswerTraits } from './traits.js';
import { tokenErrorKind } from './token-errors.js';
import { credentialPlaces } from './credential-places.js';
import { patternSchema } from './template-schema.js';
import { valueAt } from './value-at.js';

const all = [...providers.values()].map((provider) => [provider.id, provider] as const);

/** The settings as the examples of the data give them. */
function exampleSettings({ settings = [] }: ProviderDefinition): Record<string, string> {
  return Object.fromEntries(
    settings.flatMap(({ name, example }) => (example === undefined ? [] : [[name, example] as const])),
  );
}

/** The settings that the tenant must give, alone. */
function leastSettings(provider: ProviderDefinition): Record<string, string> {
  const required = (provider.settings ?? []).filter((setting) => setting.default === undefined);
  return Object.fromEntries(required.map(({ name, example = '' }) => [name, example]));
}

function provider(id: string): ProviderDefinition {
  const found = providers.get(id);
  if (found === undefined) throw new Error(`there is no provider ${id}`);
  return found;
}

describe('the data of providers', () => {
  it('are one file for each provider, named by its id', () => {
    const files = readdirSync(`${import.meta.dirname}/data`)
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((file) => file !== 'slack-access');
    expect([...providers.keys()].sort()).toEqual(files.sort());
  });

  it.each(all)('%s fits the schema, and its key is its id', (id, definition) => {
    expect(providerSchema.safeParse(definition).error).toBeUndefined();
    expect(definition.id).toBe(id);
  });

  it.each(all)('%s names an alternative that exists, with its hosts', (_, definition) => {
    if (definition.alternativeTo === undefined) return;
    const { hosts, alternativeTo } = provider(definition.alternativeTo);
    expect(alternativeTo).toBeUndefined();
    expect(definition.hosts).toEqual(hosts);
  });

  it.each(all)(
    '%s resolves all its addresses with the least and with the example settings',
    (_, definition) => {
      for (const settings of [leastSettings(definition), exampleSettings(definition)]) {
        expect(settingProblems(definition, settings)).toEqual([]);
        if (definition.auth.kind === 'fields') continue;
        const endpoints = endpointTraits(definition, settings, 'Iv1.8a61f9b3a7aba766');
        const urls = [
          endpoints?.authorizationUrl,
          endpoints?.tokenUrl,
          endpoints?.refreshUrl,
          endpoints?.revocation?.url,
          definition.baseUrl === undefined
            ? undefined
            : resolveTemplate(definition, definition.baseUrl, settings),
        ].filter((url) => url !== undefined);
        for (const url of urls) {
          expect(new URL(url).protocol).toBe('https:');
          expect(templateVariables(url)).toEqual([]);
        }
        expect(urls.length > 0).toBe(definition.auth.kind !== 'discovered');
      }
    },
  );

  it.each(all)('%s places its credential', (_, definition) => {
    const fields =
      definition.auth.kind === 'fields' ? definition.auth.fields.map(({ name }) => name) : ['access_token'];
    const secrets = Object.fromEntries(fields.map((name) => [name, `value-of-${name}`]));
    const places = credentialPlaces(definition, { secrets, settings: exampleSettings(definition) });
    expect(places).toHaveLength(definition.credential.length);
    const text = places
      .map(({ value }) => Buffer.from(value.replace('Basic ', ''), 'base64').toString() + value)
      .join('\n');
    for (const secret of Object.values(secrets)) expect(text).toContain(secret);
  });
});

describe('the quirks of providers', () => {
  const day = 86_400_000;

  /** Pointers into the definition. */
  it.each<[string, string, unknown]>([
    ['slack', '/auth/tokenAnswer/success', { at: '/ok', equals: true }],
    ['slack', '/auth/scopeSeparator', ','],
    ['slack', '/auth/pkce', 'off'],
    ['slack-user', '/auth/scopeParameter', 'user_scope'],
    ['slack-user', '/alternativeTo', 'slack'],
    ['salesforce', '/base/at', '/instance_url'],
    ['salesforce', '/identity/id', '/id'],
    ['google', '/auth/authorizeParameters/access_type', 'offline'],
    ['google', '/auth/authorizeParameters/prompt', 'consent'],
    ['atlassian', '/auth/authorizeParameters/audience', 'api.atlassian.com'],
    ['atlassian', '/auth/requiredScopes', ['offline_access']],
    ['atlassian', '/base/url', 'https://api.atlassian.com/oauth/token/accessible-resources'],
    ['github', '/auth/tokenHeaders/accept', 'application/json'],
    ['github-app', '/auth/tokenHeaders/accept', 'application/json'],
    ['airtable', '/auth/tokenAnswer/refreshExpiresIn', '/refresh_expires_in'],
    ['quickbooks', '/auth/callbackParameters', ['realmId']],
    ['zoho', '/base/at', '/api_domain'],
    ['zoho', '/credential/0/value', 'Zoho-oauthtoken {access_token}'],
    ['dropbox', '/auth/authorizeParameters/token_access_type', 'offline'],
  ])('%s: %s is %j', (id, pointer, value) => {
    expect(valueAt(pointer, provider(id))).toEqual(value);
  });

  it.each<[string, Partial<ReturnType<typeof refreshTraits>>]>([
    ['airtable', { rotates: 'always', endsAccessToken: true, idleMs: 60 * day }],
    [
      'atlassian',
      {
        rotates: 'always',
        reuseLeewayMs: 600_000,
        endsAccessToken: true,
        idleMs: 90 * day,
        absoluteMs: 365 * day,
      },
    ],
    ['github', { rotates: 'sometimes', endsAccessToken: false, idleMs: undefined }],
    ['github-app', { rotates: 'always', reuseLeewayMs: 0, endsAccessToken: true, idleMs: 180 * day }],
    ['google', { rotates: 'never', endsAccessToken: false, idleMs: 180 * day, absoluteMs: undefined }],
    ['hubspot', { rotates: 'never', accessTokenMs: 1_800_000 }],
    ['make', { accessTokenMs: undefined, absoluteMs: 180 * day }],
    ['microsoft', { rotates: 'always', reuseLeewayMs: 90 * day, repeatsScopes: true }],
    ['notion', { rotates: 'always' }],
    ['slack', { rotates: 'always', reuseLeewayMs: 0 }],
    ['slack-user', { rotates: 'always', reuseLeewayMs: 0 }],
    ['quickbooks', { rotates: 'sometimes', idleMs: 100 * day, absoluteMs: 1_825 * day }],
    ['salesforce', { rotates: 'sometimes', accessTokenMs: undefined, idleMs: 30 * day }],
    ['api-key-header', { rotates: 'never', reuseLeewayMs: 0, repeatsScopes: false }],
    ['oauth2', { rotates: 'sometimes' }],
  ])('%s lives as its provider says', (id, traits) => {
    expect(refreshTraits(provider(id))).toMatchObject(traits);
  });

  it.each<[string, string, string]>([
    ['slack', 'invalid_refresh_token', 'permanent'],
    ['slack', 'ratelimited', 'transient'],
    ['slack', 'internal_error', 'transient'],
    ['slack', 'fatal_error', 'transient'],
    ['slack-user', 'invalid_refresh_token', 'permanent'],
    ['github-app', 'bad_refresh_token', 'permanent'],
    ['github', 'incorrect_client_credentials', 'client'],
    ['atlassian', 'unauthorized_client', 'permanent'],
    ['microsoft', 'interaction_required', 'permanent'],
    ['hubspot', 'BAD_REFRESH_TOKEN', 'permanent'],
    ['zoho', 'invalid_code', 'permanent'],
    ['linear', 'invalid_grant', 'permanent'],
    ['linear', 'unauthorized_client', 'client'],
    ['linear', 'invalid_client', 'client'],
  ])('%s: %s is %s', (id, code, kind) => {
    expect(tokenErrorKind(provider(id), code)).toBe(kind);
  });

  it.each<[string, Partial<NonNullable<ReturnType<typeof endpointTraits>>>]>([
    ['notion', { clientAuth: 'basic', bodyFormat: 'json', pkce: false }],
    ['zoom', { clientAuth: 'basic', bodyFormat: 'form' }],
    ['atlassian', { clientAuth: 'body', bodyFormat: 'json', pkce: true }],
    [
      'salesforce',
      { tokenUrl: 'https://login.salesforce.com/services/oauth2/token', clientAuth: 'body', pkce: true },
    ],
    ['google', { issuer: 'https://accounts.google.com', sendsIssuer: false }],
  ])('%s is asked as its provider wants', (id, traits) => {
    expect(endpointTraits(provider(id), {})).toMatchObject(traits);
  });

  it('slack-user reads the user of the first answer, and the top of a later one', () => {
    expect(tokenAnswerTraits(provider('slack-user'), 'exchange')).toMatchObject({
      accessToken: '/authed_user/access_token',
      refreshToken: '/authed_user/refresh_token',
      scope: '/authed_user/scope',
      success: { at: '/ok', equals: true },
    });
    expect(tokenAnswerTraits(provider('slack-user'), 'refresh')).toMatchObject({
      accessToken: '/access_token',
      refreshToken: '/refresh_token',
      scope: '/scope',
      success: { at: '/ok', equals: true },
    });
  });

  it('github-app and notion know no scopes, so no call waits for one', () => {
    expect(tokenAnswerTraits(provider('github-app'), 'exchange').scope).toBeUndefined();
    expect(tokenAnswerTraits(provider('notion'), 'refresh').scope).toBeUndefined();
    expect(tokenAnswerTraits(provider('github'), 'refresh').scope).toBe('/scope');
  });
});

describe('a pattern', () => {
  it.each([
    '(a+)+',
    '(a|aa)*',
    'a*a*b',
    '[a-z]{0,9}[a-z]{0,9}',
    '(?=a)',
    '(a)\\1',
    '(?:a{2}){1,9}',
    'a?a?a?a?a?',
    '[',
  ])('%s is refused, since its cost can grow faster than the text', (pattern) => {
    expect(patternSchema.safeParse(pattern).success).toBe(false);
  });

  const patterns = all.flatMap(([id, { auth, settings = [] }]) =>
    [...settings, ...(auth.kind === 'fields' ? auth.fields : [])].flatMap(({ name, pattern }) =>
      pattern === undefined ? [] : [[id, name, pattern] as const],
    ),
  );

  it.each(patterns)('of %s for %s takes time linear in the text', (_, __, pattern) => {
    const compiled = new RegExp(`^(?:${pattern})$`, 'u');
    const cost = (length: number) => {
      const before = process.cpuUsage();
      for (const unit of ['a', '0', '-', '.', 'a-', 'a.', '\u0000']) compiled.test(unit.repeat(length));
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cost(1_000);
    // A quadratic pattern needs hours for this text.
    expect(cost(1_000_000)).toBeLessThan(5_000_000);
  });
});
