/** A client of the authorization server. */
export interface AuthorizationServerClient {
  readonly id: string;
  /** Absent: a public client. */
  readonly secret?: string;
  /** With a loopback host, any port matches. */
  readonly redirectUris: readonly string[];
  /** @default 'client_secret_basic', or 'none' without a secret */
  readonly auth?: 'client_secret_basic' | 'client_secret_post' | 'none';
  /**
   * `strict`: each refresh gives a new refresh token, and a second use of the old one ends the whole grant. `none`: the
   * refresh token stays.
   * @default 'strict'
   */
  readonly rotation?: 'strict' | 'none';
  /** @default 3 600 */
  readonly accessTokenSeconds?: number;
  /** @default 14 days */
  readonly refreshTokenSeconds?: number;
  /** False: no refresh token for any scopes. @default true */
  readonly refreshTokens?: boolean;
}

export interface AuthorizationServerOptions {
  readonly clients: readonly AuthorizationServerClient[];
  /** Scopes beyond `openid`, `offline_access`, `profile` and `email`. @default ['api:read', 'api:write'] */
  readonly scopes?: readonly string[];
  /** @default a free port */
  readonly port?: number;
}
