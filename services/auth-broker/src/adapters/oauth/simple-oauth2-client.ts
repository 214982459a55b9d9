import type { Egress } from '@action-mesh/egress';
import { systemClock, type Clock } from '@action-mesh/kernel';
import {
  consentTraits,
  ordinaryScopes,
  refreshTraits,
  type ConsentTraits,
  type EndpointTraits,
} from '@action-mesh/providers';
import { AuthorizationCode } from 'simple-oauth2';

import type { KnownIntegration } from '../../application/connections/integrations.port.js';
import type {
  ConsentAnswer,
  ConsentRequest,
  OAuthClient,
} from '../../application/connections/oauth-client.port.js';
import type { IssuedTokens } from '../../domain/connections/credential.js';
import type { TokenResult } from '../../domain/connections/token-failure.js';
import { AccountReader, type NewAccess } from './account-reader.js';
import type { OAuthClientSecret } from './client-authentication.js';
import { IssuerMetadata } from './issuer-metadata.js';
import { endpointsOf } from './oauth-endpoints.js';
import { withExtras } from './parameters.js';
import { readTokenAnswer } from './token-answer.js';
import { TokenEndpoint, type TokenGrantRequest } from './token-endpoint.js';
import { failed, unsent, withSettings } from './token-failures.js';
import { revokeToken } from './token-revocation.js';

/** Everything that a request to a provider needs. */
interface OAuthSetup {
  readonly endpoints: EndpointTraits;
  readonly traits: ConsentTraits;
}

/**
 * OAuth by `simple-oauth2`, which builds the addresses and sends the requests for tokens. Everything around it is ours: the
 * bounds of a request, the reading of answers, revocation and metadata. It logs nothing, and results hold no text of a
 * provider beyond a short code.
 */
export class SimpleOAuth2Client implements OAuthClient {
  readonly #egress: Egress;
  readonly #clock: Clock;
  readonly #tokens: TokenEndpoint;
  readonly #metadata: IssuerMetadata;
  readonly #accounts: AccountReader;

  constructor(egress: Egress, clock: Clock = systemClock) {
    this.#egress = egress;
    this.#clock = clock;
    this.#tokens = new TokenEndpoint(egress);
    this.#metadata = new IssuerMetadata(egress, clock);
    this.#accounts = new AccountReader(egress);
  }

  async consentUrl(integration: KnownIntegration, request: ConsentRequest): Promise<TokenResult<string>> {
    const setup = await this.#setup(integration);
    if (!setup.ok) return setup;
    const { endpoints, traits } = setup.value;
    const { clientId } = integration;
    const { authorizationUrl } = endpoints;
    if (authorizationUrl === undefined) return failed(unsent('client', 'no_authorization_endpoint'));
    if (clientId === undefined) return failed(unsent('client', 'no_client'));
    const scopes = ordinaryScopes(integration.provider, request.scopes).join(traits.scopeSeparator);
    const parameters = withExtras(traits.authorizeParameters, {
      ...(scopes === '' ? {} : { [traits.scopeParameter]: scopes }),
      redirect_uri: request.redirectUri,
      state: request.state,
      ...(endpoints.pkce ? { code_challenge: request.challenge, code_challenge_method: 'S256' } : {}),
    });
    return addressOf(authorizationUrl, clientId, parameters);
  }

  async issuer(
    integration: KnownIntegration,
  ): Promise<TokenResult<{ readonly issuer: string; readonly isRequired: boolean } | undefined>> {
    if (integration.provider.auth.kind === 'fields') return { ok: true, value: undefined };
    const endpoints = await endpointsOf(integration, this.#metadata);
    if (!endpoints.ok) return endpoints;
    const { issuer, sendsIssuer } = endpoints.value;
    return { ok: true, value: issuer === undefined ? undefined : { issuer, isRequired: sendsIssuer } };
  }

  async exchange(integration: KnownIntegration, answer: ConsentAnswer): Promise<TokenResult<IssuedTokens>> {
    const setup = await this.#setup(integration);
    if (!setup.ok) return setup;
    const { endpoints, traits } = setup.value;
    const own: Record<string, string> = endpoints.pkce ? { code_verifier: answer.verifier } : {};
    const callback = picked(answer.callback ?? {}, endpoints.callbackParameters);
    return this.#grant(integration, setup.value, {
      url: endpoints.tokenUrl,
      grant: { kind: 'code', code: answer.code, redirectUri: answer.redirectUri },
      parameters: withExtras(traits.tokenParameters, own),
      ...(callback === undefined ? {} : { callback }),
    });
  }

  async refresh(
    integration: KnownIntegration,
    refreshToken: string,
    scopes: readonly string[] | undefined,
  ): Promise<TokenResult<IssuedTokens>> {
    const setup = await this.#setup(integration);
    if (!setup.ok) return setup;
    const { endpoints, traits } = setup.value;
    const repeated = refreshTraits(integration.provider).repeatsScopes ? (scopes ?? []) : [];
    return this.#grant(integration, setup.value, {
      url: endpoints.refreshUrl,
      grant: { kind: 'refresh', refreshToken },
      parameters: withExtras(traits.refreshParameters, scopeOf(repeated, traits)),
    });
  }

  async clientCredentials(
    integration: KnownIntegration,
    client: OAuthClientSecret,
  ): Promise<TokenResult<IssuedTokens>> {
    const ofUser: KnownIntegration = { ...integration, ...client };
    const setup = await this.#setup(ofUser);
    if (!setup.ok) return setup;
    const { endpoints, traits } = setup.value;
    const scopes = ordinaryScopes(integration.provider, integration.scopes);
    return this.#grant(ofUser, setup.value, {
      url: endpoints.tokenUrl,
      grant: { kind: 'client_credentials' },
      parameters: withExtras(traits.tokenParameters, scopeOf(scopes, traits)),
    });
  }

  async revoke(
    integration: KnownIntegration,
    tokens: { readonly accessToken: string; readonly refreshToken?: string },
  ): Promise<TokenResult<'revoked' | 'unsupported'>> {
    // A provider with entered fields has nothing to revoke.
    if (integration.provider.auth.kind === 'fields') return { ok: true, value: 'unsupported' };
    const endpoints = await endpointsOf(integration, this.#metadata);
    if (!endpoints.ok) return endpoints;
    const { revocation, clientAuth } = endpoints.value;
    if (revocation === undefined) return { ok: true, value: 'unsupported' };
    const { accessToken } = tokens;
    const client = { clientId: integration.clientId ?? '', clientSecret: integration.clientSecret ?? '' };
    for (const kind of revocation.tokens) {
      const token = kind === 'refresh' ? tokens.refreshToken : accessToken;
      if (token === undefined) continue;
      const failure = await revokeToken(this.#egress, revocation, {
        kind,
        token,
        accessToken,
        client,
        clientAuth,
      });
      if (failure !== undefined) return failed(failure);
    }
    return { ok: true, value: 'revoked' };
  }

  account(integration: KnownIntegration, access: NewAccess): ReturnType<OAuthClient['account']> {
    return this.#accounts.read(integration, access);
  }

  async #setup(integration: KnownIntegration): Promise<TokenResult<OAuthSetup>> {
    const endpoints = await endpointsOf(integration, this.#metadata);
    if (!endpoints.ok) return endpoints;
    return withSettings(() => ({
      endpoints: endpoints.value,
      traits: consentTraits(integration.provider, integration.settings),
    }));
  }

  async #grant(
    { provider, clientId, clientSecret = '' }: KnownIntegration,
    { endpoints, traits }: OAuthSetup,
    asked: Pick<TokenGrantRequest, 'url' | 'grant' | 'parameters'> & {
      readonly callback?: Readonly<Record<string, string>>;
    },
  ): Promise<TokenResult<IssuedTokens>> {
    if (clientId === undefined) return failed(unsent('client', 'no_client'));
    const { url, grant, parameters, callback } = asked;
    const result = await this.#tokens.request({
      url,
      grant,
      parameters,
      client: { clientId, clientSecret },
      clientAuth: endpoints.clientAuth,
      bodyFormat: endpoints.bodyFormat,
      headers: traits.tokenHeaders,
    });
    if (result.kind === 'failure') return failed(result.failure);
    return readTokenAnswer(result.answer, {
      provider,
      kind: grant.kind === 'refresh' ? 'refresh' : 'exchange',
      clientId,
      issuer: endpoints.issuer,
      ...(callback === undefined ? {} : { callback }),
      nowMs: this.#clock.now(),
    });
  }
}

/** The address with its parameters. The library refuses a client id that RFC 6749 does not allow. */
function addressOf(
  authorizationUrl: string,
  clientId: string,
  parameters: Readonly<Record<string, string>>,
): TokenResult<string> {
  const { origin } = new URL(authorizationUrl);
  try {
    const code = new AuthorizationCode({
      // The library wants a secret and a token host, although the address has neither.
      client: { id: clientId, secret: '' },
      auth: { tokenHost: origin, authorizeHost: origin, authorizePath: authorizationUrl },
    });
    return { ok: true, value: code.authorizeURL(parameters) };
  } catch {
    return failed(unsent('client', 'invalid_client_settings'));
  }
}

function scopeOf(scopes: readonly string[], { scopeSeparator }: ConsentTraits): Record<string, string> {
  return scopes.length === 0 ? {} : { scope: scopes.join(scopeSeparator) };
}

/** The named members. Undefined: there are none. */
function picked(
  values: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const found = names.flatMap((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? [] : [[name, value.slice(0, 500)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
