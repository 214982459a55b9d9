/** Definitions with every default filled in. Programs read these, so each default stands in one place. */
import type { ClientCredentialsAuth, DiscoveredAuth, OAuth2Auth, ProviderDefinition } from './provider.js';
import { ProviderError } from './provider.errors.js';
import { resolveParameters, resolveTemplate, resolveText, type TemplateValues } from './template.js';

type OAuthAuth = OAuth2Auth | DiscoveredAuth | ClientCredentialsAuth;

/** How tokens of a provider live and how a refresh works. */
export interface RefreshTraits {
  /** `sometimes`: the answer to a refresh shows it. */
  readonly rotates: 'always' | 'sometimes' | 'never';
  /** For how long the provider accepts a used refresh token again, in milliseconds. */
  readonly reuseLeewayMs: number;
  /** A refresh ends the former access token at once. */
  readonly endsAccessToken: boolean;
  /**
   * The life of an access token, in milliseconds, where the answer does not tell it. Undefined: only a 401 shows its
   * end.
   */
  readonly accessTokenMs: number | undefined;
  /** An idle refresh token ends after this time, in milliseconds. Undefined: it does not end, or the end is unknown. */
  readonly idleMs: number | undefined;
  /** The longest life of a grant, in milliseconds from the consent. Undefined: it has no end, or the end is unknown. */
  readonly absoluteMs: number | undefined;
  /** The refresh request repeats the scopes. */
  readonly repeatsScopes: boolean;
}

export function refreshTraits({ auth }: ProviderDefinition): RefreshTraits {
  const refresh = isOAuth(auth) ? auth.refresh : undefined;
  return {
    // Without data, the answer decides. Every server fits this rule.
    rotates: refresh?.rotates ?? (auth.kind === 'fields' ? 'never' : 'sometimes'),
    reuseLeewayMs: refresh?.reuseLeewayMs ?? 0,
    endsAccessToken: refresh?.endsAccessToken ?? false,
    accessTokenMs: refresh?.accessTokenMs,
    idleMs: refresh?.idleMs,
    absoluteMs: refresh?.absoluteMs,
    repeatsScopes: refresh?.repeatsScopes ?? false,
  };
}

/** Where the fields of a token answer are, as JSON pointers. */
export interface TokenAnswerTraits {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: string;
  /** Milliseconds of one unit of `expiresIn`. */
  readonly expiresInUnitMs: number;
  /** In seconds. The first that holds a number counts. */
  readonly refreshExpiresIn: readonly string[];
  /** Undefined: the answer does not report scopes. A connection then has no known scopes. */
  readonly scope: string | undefined;
  readonly success: { readonly at: string; readonly equals: boolean | string } | undefined;
  /** The first that holds a text counts. */
  readonly error: readonly string[];
}

/** The form of the answer to a first request for a token, or to a refresh. */
export function tokenAnswerTraits(
  { auth }: ProviderDefinition,
  request: 'exchange' | 'refresh',
): TokenAnswerTraits {
  const { tokenAnswer, refresh } = oauthOf(auth);
  const answer = { ...tokenAnswer, ...(request === 'refresh' ? refresh?.tokenAnswer : {}) };
  return {
    accessToken: answer.accessToken ?? '/access_token',
    refreshToken: answer.refreshToken ?? '/refresh_token',
    expiresIn: answer.expiresIn ?? '/expires_in',
    expiresInUnitMs: answer.expiresInUnit === 'ms' ? 1 : 1_000,
    refreshExpiresIn:
      answer.refreshExpiresIn === undefined
        ? ['/refresh_token_expires_in', '/x_refresh_token_expires_in']
        : [answer.refreshExpiresIn],
    scope: answer.scope === false ? undefined : (answer.scope ?? '/scope'),
    success: answer.success,
    error: [answer.error ?? '/error'].flat(),
  };
}

/** The members of requests that the issuer's metadata does not decide. */
export interface ConsentTraits {
  readonly scopeSeparator: ' ' | ',';
  readonly scopeParameter: string;
  readonly authorizeParameters: TemplateValues;
  readonly tokenParameters: TemplateValues;
  readonly refreshParameters: TemplateValues;
  readonly tokenHeaders: TemplateValues;
}

/** Throws `ProviderError` when a setting is missing or does not fit. */
export function consentTraits(provider: ProviderDefinition, settings: TemplateValues): ConsentTraits {
  const auth = oauthOf(provider.auth);
  const resolved = (parameters: TemplateValues | undefined) =>
    resolveParameters(provider, parameters, settings);
  const consent = auth.kind === 'client_credentials' ? undefined : auth;
  return {
    scopeSeparator: auth.scopeSeparator ?? ' ',
    scopeParameter: consent?.scopeParameter ?? 'scope',
    authorizeParameters: resolved(consent?.authorizeParameters),
    tokenParameters: resolved(auth.tokenParameters),
    refreshParameters: resolved(auth.refresh?.parameters),
    tokenHeaders: resolved(auth.tokenHeaders),
  };
}

/** The endpoints of a provider and how requests to them look. */
export interface EndpointTraits {
  /** Undefined for client credentials. */
  readonly authorizationUrl: string | undefined;
  readonly tokenUrl: string;
  readonly refreshUrl: string;
  readonly clientAuth: 'basic' | 'body' | 'none';
  readonly bodyFormat: 'form' | 'json';
  /** False: the provider refuses requests with PKCE. */
  readonly pkce: boolean;
  /** The only `iss` that a callback may name (RFC 9207). Undefined: unknown. */
  readonly issuer: string | undefined;
  /** A callback without `iss` is refused. */
  readonly sendsIssuer: boolean;
  /** Query parameters of the callback that join the details of the token answer, under `/callback`. */
  readonly callbackParameters: readonly string[];
  /** Undefined: the provider has no way to end a grant. */
  readonly revocation: RevocationTraits | undefined;
}

export interface RevocationTraits {
  readonly url: string;
  /** Undefined: the token is in the header alone. */
  readonly parameter: string | undefined;
  readonly method: 'POST' | 'DELETE' | 'GET';
  readonly auth: 'client' | 'basic' | 'token';
  readonly headers: TemplateValues;
  readonly bodyFormat: 'form' | 'json';
  readonly tokens: readonly ('refresh' | 'access')[];
  readonly success: { readonly at: string; readonly equals: boolean | string } | undefined;
}

/**
 * The endpoints with the tenant's settings in them. Undefined: the metadata of the issuer names them. Throws
 * `ProviderError` when a setting is missing or does not fit.
 */
export function endpointTraits(
  provider: ProviderDefinition,
  settings: TemplateValues,
  clientId = '',
): EndpointTraits | undefined {
  const auth = oauthOf(provider.auth);
  if (auth.kind === 'discovered') return undefined;
  const url = (template: string) =>
    resolveTemplate(provider, template.replaceAll('{client_id}', encodeURIComponent(clientId)), settings);
  const choice = (value: string) => resolveText(provider, value, settings);
  const consent = auth.kind === 'oauth2' ? auth : undefined;
  const tokenUrl = url(auth.tokenUrl);
  return {
    authorizationUrl: consent === undefined ? undefined : url(consent.authorizationUrl),
    tokenUrl,
    refreshUrl: auth.refresh?.url === undefined ? tokenUrl : url(auth.refresh.url),
    clientAuth: clientAuthOf(choice(auth.clientAuth ?? 'body')),
    bodyFormat: auth.bodyFormat ?? 'form',
    pkce: choice(consent?.pkce ?? 'S256') === 'S256',
    issuer: consent?.issuer === undefined ? undefined : url(consent.issuer),
    sendsIssuer: consent?.sendsIssuer ?? false,
    callbackParameters: consent?.callbackParameters ?? [],
    revocation: consent === undefined ? undefined : revocationTraits(consent, url),
  };
}

function revocationTraits(
  { revocation }: OAuth2Auth,
  url: (template: string) => string,
): RevocationTraits | undefined {
  if (revocation === undefined) return undefined;
  const auth = revocation.auth ?? 'client';
  return {
    url: url(revocation.url),
    parameter: revocation.parameter ?? (auth === 'token' ? undefined : 'token'),
    method: revocation.method ?? 'POST',
    auth,
    headers: revocation.headers ?? {},
    bodyFormat: revocation.bodyFormat ?? 'form',
    tokens: revocation.tokens ?? ['refresh', 'access'],
    success: revocation.success,
  };
}

function clientAuthOf(value: string): 'basic' | 'body' | 'none' {
  return value === 'basic' || value === 'none' ? value : 'body';
}

function isOAuth(auth: ProviderDefinition['auth']): auth is OAuthAuth {
  return auth.kind !== 'fields';
}

function oauthOf(auth: ProviderDefinition['auth']): OAuthAuth {
  if (isOAuth(auth)) return auth;
  throw new ProviderError('PROVIDER_VALUE_UNKNOWN', 'A provider with entered fields has no token endpoint.');
}
