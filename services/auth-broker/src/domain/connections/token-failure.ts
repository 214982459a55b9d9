/**
 * The repair after a failed request for a token. `permanent`: the grant is gone, so the user connects again. `client`:
 * the provider refuses the client id or secret, so the tenant corrects them. `transient`: a later request may succeed.
 * `unknown`: as `transient`, and an operator should look.
 */
export type TokenFailureKind = 'permanent' | 'client' | 'transient' | 'unknown';

/** A failed request for a token. It never holds a text of the provider beyond its error code. */
export interface TokenFailure {
  readonly kind: TokenFailureKind;
  /** `invalid_grant`, `timeout`, `http_503`: at most 100 characters of `a-z0-9_.-`. */
  readonly code: string;
  readonly retryAfterMs?: number;
  /** False: the provider may have processed the request, so a rotating refresh token may be used up. */
  readonly certainlyNotProcessed: boolean;
}

export type TokenResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: TokenFailure };
