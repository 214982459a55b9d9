/**
 * How a quirk server behaves. A test may change it at any time; grants live on.
 *
 * - `plain`: RFC 6749.
 * - `slack`: status 200 with `ok`, scopes with commas, a bot token above and the user's token in `authed_user`.
 * - `github`: errors with status 200, forms unless the request accepts JSON.
 * - `salesforce`: no expiry, and `instance_url`.
 */
export interface QuirkBehaviour {
  /** @default 'plain' */
  readonly shape?: 'plain' | 'slack' | 'github' | 'salesforce';
  /**
   * `strict`: a second use of a refresh token ends the whole grant. `single_use`: the second use fails alone. `leeway`: a
   * used token still works for `leewayMs`, then as `strict`. `none`: refresh answers carry no refresh token.
   * @default 'strict'
   */
  readonly rotation?: 'strict' | 'single_use' | 'leeway' | 'none';
  /** @default 60 000 */
  readonly leewayMs?: number;
  /** True: a refresh ends the former access tokens of the grant. @default false */
  readonly endsAccessToken?: boolean;
  /** The value of `expires_in`. Null leaves it out. @default 3 600 */
  readonly expiresIn?: number | string | null;
  /** How long an access token really works, milliseconds. @default without an end */
  readonly accessTokenMs?: number;
  /** @default 'json'; for `github`, as the request accepts */
  readonly encoding?: 'json' | 'form';
  /** The granted scopes. @default the asked ones */
  readonly grantedScopes?: readonly string[];
  /** The parameter `iss` of the answer to the browser (RFC 9207). @default 'right' */
  readonly iss?: 'right' | 'wrong' | 'absent';
  /** Members over those of the metadata. Null removes one. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Members added to each token answer. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** True: token answers carry an ID token with a worthless signature. @default false */
  readonly idToken?: boolean;
  /** The account that consents, unless the request has `login_hint`. @default 'ada' */
  readonly account?: string;
  /** True: the user refuses. @default false */
  readonly deniesConsent?: boolean;
}

/** The form of scopes, by shape. */
export function separatorOf({ shape }: QuirkBehaviour): ' ' | ',' {
  return shape === 'slack' || shape === 'github' ? ',' : ' ';
}
