import type { Account } from '@action-mesh/contracts/auth-broker';
import type { CredentialPlace } from '@action-mesh/connections';

import type { IssuedTokens } from '../../domain/connections/credential.js';
import type { TokenResult } from '../../domain/connections/token-failure.js';
import type { KnownIntegration } from './integrations.port.js';

/** Milliseconds for one request to a provider. It is far below the lease of a refresh. */
export const providerDeadlineMs = 10_000;

export interface ConsentRequest {
  readonly redirectUri: string;
  readonly state: string;
  /** The S256 challenge (RFC 7636). The client leaves it out where the provider forbids PKCE. */
  readonly challenge: string;
  readonly scopes: readonly string[];
}

/** The answer of the authorization server to the browser. */
export interface ConsentAnswer {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
  /** The query parameters of the callback. Those that the provider's data names join the details of the tokens. */
  readonly callback?: Readonly<Record<string, string>>;
}

/**
 * The only way to the token endpoints of providers. A request ends within 10 s, and the client never repeats it. No
 * method throws: each failure is a `TokenFailure`.
 */
export interface OAuthClient {
  /** The address to which the browser goes for the user's consent. */
  consentUrl(integration: KnownIntegration, request: ConsentRequest): Promise<TokenResult<string>>;
  /**
   * The exact issuer that a callback must name (RFC 9207). `isRequired`: a callback without `iss` is refused.
   */
  issuer(
    integration: KnownIntegration,
  ): Promise<TokenResult<{ readonly issuer: string; readonly isRequired: boolean } | undefined>>;
  exchange(integration: KnownIntegration, answer: ConsentAnswer): Promise<TokenResult<IssuedTokens>>;
  refresh(
    integration: KnownIntegration,
    refreshToken: string,
    scopes: readonly string[] | undefined,
  ): Promise<TokenResult<IssuedTokens>>;
  clientCredentials(
    integration: KnownIntegration,
    client: { readonly clientId: string; readonly clientSecret: string },
  ): Promise<TokenResult<IssuedTokens>>;
  /** Ends a grant at the provider (RFC 7009). `unsupported`: the provider has no way to do it. */
  revoke(
    integration: KnownIntegration,
    tokens: { readonly accessToken: string; readonly refreshToken?: string },
  ): Promise<TokenResult<'revoked' | 'unsupported'>>;
  /** The account and the base URL behind a credential that was just issued or entered. */
  account(
    integration: KnownIntegration,
    credential: {
      readonly places: readonly CredentialPlace[];
      /** The answer of the token endpoint, or nothing for entered fields. */
      readonly details: Readonly<Record<string, unknown>>;
      readonly fields: Readonly<Record<string, string>>;
    },
  ): Promise<TokenResult<{ readonly account?: Account; readonly baseUrl?: string }>>;
}

export const OAuthClient = Symbol('OAuthClient');
