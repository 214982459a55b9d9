import type { OAuthClient } from '../src/application/connections/oauth-client.port.js';
import type { KnownIntegration } from '../src/application/connections/integrations.port.js';
import type { IssuedTokens } from '../src/domain/connections/credential.js';
import type { TokenFailure, TokenResult } from '../src/domain/connections/token-failure.js';

/** The fate of one request: nothing special, a failure before or after its processing, or a wait for a promise. */
export interface IssuerFault {
  readonly before?: TokenFailure;
  readonly after?: TokenFailure;
  readonly hold?: Promise<unknown>;
  readonly holdAfter?: () => Promise<unknown>;
  /** The broker dies before the request leaves. */
  readonly unsent?: true;
}

/** A token endpoint in this process that knows which refresh tokens live, as a provider does. */
export class StageTokenServer implements Pick<OAuthClient, 'refresh' | 'clientCredentials' | 'revoke'> {
  /** The refresh token of each request, in their order. */
  readonly presented: string[] = [];
  readonly revoked: string[] = [];
  readonly faults: IssuerFault[] = [];
  rotation: 'strict' | 'leeway' | 'none' = 'strict';
  expiresInMs: number | undefined = 3_600_000;
  revocation: TokenResult<'revoked' | 'unsupported'> = { ok: true, value: 'revoked' };
  #live = new Set(['refresh-1']);
  #used = new Set<string>();
  #count = 1;

  reset(): void {
    this.presented.length = 0;
    this.revoked.length = 0;
    this.faults.length = 0;
    this.rotation = 'strict';
    this.expiresInMs = 3_600_000;
    this.revocation = { ok: true, value: 'revoked' };
    this.#live = new Set(['refresh-1']);
    this.#used = new Set();
    this.#count = 1;
  }

  async refresh(_integration: KnownIntegration, refreshToken: string): Promise<TokenResult<IssuedTokens>> {
    const fault = this.faults.shift() ?? {};
    if (fault.unsent === true) throw new Error('the broker died');
    this.presented.push(refreshToken);
    await fault.hold;
    if (fault.before !== undefined) return { ok: false, failure: fault.before };
    const result = this.#redeem(refreshToken);
    await fault.holdAfter?.();
    return fault.after === undefined ? result : { ok: false, failure: fault.after };
  }

  clientCredentials(): Promise<TokenResult<IssuedTokens>> {
    this.#count += 1;
    return Promise.resolve({ ok: true, value: this.#tokens(`access-${this.#count}`) });
  }

  revoke(
    _integration: KnownIntegration,
    tokens: { readonly accessToken: string; readonly refreshToken?: string },
  ): Promise<TokenResult<'revoked' | 'unsupported'>> {
    this.revoked.push(tokens.refreshToken ?? tokens.accessToken);
    return Promise.resolve(this.revocation);
  }

  /** The user or an administrator ends the grant at the provider. */
  endGrant(): void {
    this.#live.clear();
  }

  #redeem(refreshToken: string): TokenResult<IssuedTokens> {
    const isRepeated = this.#used.has(refreshToken);
    if (!this.#live.has(refreshToken) && !(this.rotation === 'leeway' && isRepeated)) {
      // A provider that sees a used token again ends the whole grant.
      if (isRepeated) this.#live.clear();
      return {
        ok: false,
        failure: { kind: 'permanent', code: 'invalid_grant', certainlyNotProcessed: true },
      };
    }
    this.#count += 1;
    const access = `access-${this.#count}`;
    if (this.rotation === 'none') return { ok: true, value: this.#tokens(access) };
    this.#used.add(refreshToken);
    this.#live.delete(refreshToken);
    const next = `refresh-${this.#count}`;
    this.#live.add(next);
    return { ok: true, value: { ...this.#tokens(access), refreshToken: next } };
  }

  #tokens(accessToken: string): IssuedTokens {
    const { expiresInMs } = this;
    return { accessToken, details: {}, ...(expiresInMs === undefined ? {} : { expiresInMs }) };
  }
}
