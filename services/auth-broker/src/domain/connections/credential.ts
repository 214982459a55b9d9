import type { Account } from '@action-mesh/contracts/auth-broker';

/** The secret of a connection. It is stored only sealed. */
export type StoredCredential =
  | {
      readonly kind: 'oauth2';
      readonly accessToken: string;
      readonly refreshToken?: string;
    }
  | {
      readonly kind: 'client_credentials';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly accessToken: string;
    }
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, string>> };

/** The tokens of one answer of a token endpoint, in our form. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Absent: the answer has none. A refresh then keeps the former one (RFC 6749, section 6). */
  readonly refreshToken?: string;
  /** Milliseconds from the answer on. Absent: the provider does not say it. */
  readonly expiresInMs?: number;
  readonly refreshExpiresInMs?: number;
  /** The granted scopes. Absent: as asked (RFC 6749, section 5.1). */
  readonly scopes?: readonly string[];
  /** The whole answer without its tokens, for the identity and the base URL of the account. At most 20 kB. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** An account with everything that belongs to its connection and is no secret. */
export interface ConnectedAccount {
  /** Absent: the provider cannot tell accounts apart. */
  readonly account?: Account;
  /** The address of the API for this account. */
  readonly baseUrl?: string;
  readonly scopes?: readonly string[];
}
