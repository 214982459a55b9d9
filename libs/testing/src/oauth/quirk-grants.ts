import { hash, randomBytes } from 'node:crypto';

import type { QuirkBehaviour } from './quirk-behaviour.js';
import { separatorOf } from './quirk-behaviour.js';

/** The tokens of one answer. */
export interface QuirkTokens {
  readonly accessToken: string;
  /** Absent: the answer carries none. */
  readonly refreshToken?: string;
  readonly account: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly isRefresh: boolean;
}

interface QuirkGrant {
  readonly account: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  isEnded: boolean;
  readonly accessTokens: Set<string>;
}

interface RefreshState {
  readonly grant: QuirkGrant;
  usedAtMs?: number;
}

interface Code {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge?: string;
  readonly account: string;
  readonly scopes: readonly string[];
}

/** The grants, codes and tokens of a quirk server. */
export class QuirkGrants {
  readonly #codes = new Map<string, Code>();
  readonly #refreshTokens = new Map<string, RefreshState>();
  readonly #accessTokens = new Map<string, { readonly grant: QuirkGrant; readonly endsAtMs: number }>();

  newCode(code: Code): string {
    const text = fresh('code');
    this.#codes.set(text, code);
    return text;
  }

  /** The tokens for a code, or an error code of RFC 6749. A code works once. */
  redeemCode(
    form: Readonly<Record<string, string>>,
    clientId: string,
    behaviour: QuirkBehaviour,
  ): QuirkTokens | string {
    const code = this.#codes.get(form['code'] ?? '');
    this.#codes.delete(form['code'] ?? '');
    if (code?.clientId !== clientId || code.redirectUri !== form['redirect_uri']) return 'invalid_grant';
    if (code.challenge !== undefined && code.challenge !== challengeOf(form['code_verifier'] ?? ''))
      return 'invalid_grant';
    return this.newGrant(code.account, clientId, code.scopes, behaviour);
  }

  /** Tokens of a new grant: also for a test that needs no consent. */
  newGrant(
    account: string,
    clientId: string,
    scopes: readonly string[],
    behaviour: QuirkBehaviour,
  ): QuirkTokens & { readonly refreshToken: string } {
    const grant: QuirkGrant = { account, clientId, scopes, isEnded: false, accessTokens: new Set() };
    return {
      accessToken: this.#newAccessToken(grant, behaviour),
      refreshToken: this.#newRefreshToken(grant),
      account,
      clientId,
      scopes: behaviour.grantedScopes ?? scopes,
      isRefresh: false,
    };
  }

  clientCredentials(clientId: string, scope: string | undefined, behaviour: QuirkBehaviour): QuirkTokens {
    const scopes = (scope ?? '').split(separatorOf(behaviour)).filter((each) => each !== '');
    const grant: QuirkGrant = {
      account: clientId,
      clientId,
      scopes,
      isEnded: false,
      accessTokens: new Set(),
    };
    return {
      accessToken: this.#newAccessToken(grant, behaviour),
      account: clientId,
      clientId,
      scopes: behaviour.grantedScopes ?? scopes,
      isRefresh: false,
    };
  }

  /** The tokens for a refresh token, or an error code. */
  redeemRefreshToken(token: string, clientId: string, behaviour: QuirkBehaviour): QuirkTokens | string {
    const { rotation = 'strict', leewayMs = 60_000 } = behaviour;
    const state = this.#refreshTokens.get(token);
    if (state === undefined || state.grant.isEnded || state.grant.clientId !== clientId)
      return 'invalid_grant';
    const { grant } = state;
    const now = performance.now();
    if (rotation !== 'none' && state.usedAtMs !== undefined) {
      const isInLeeway = rotation === 'leeway' && now - state.usedAtMs <= leewayMs;
      if (!isInLeeway) {
        if (rotation !== 'single_use') this.#end(grant);
        return 'invalid_grant';
      }
    }
    state.usedAtMs ??= now;
    if (behaviour.endsAccessToken === true) this.#endAccessTokens(grant);
    return {
      accessToken: this.#newAccessToken(grant, behaviour),
      ...(rotation === 'none' ? {} : { refreshToken: this.#newRefreshToken(grant) }),
      account: grant.account,
      clientId,
      scopes: behaviour.grantedScopes ?? grant.scopes,
      isRefresh: true,
    };
  }

  /** Ends the grant of a refresh token, or an access token alone (RFC 7009). Unknown tokens are fine. */
  revoke(token: string): void {
    const state = this.#refreshTokens.get(token);
    if (state !== undefined) this.#end(state.grant);
    this.endAccessToken(token);
  }

  /** Ends one access token, as a provider may at any time. */
  endAccessToken(token: string): void {
    this.#accessTokens.get(token)?.grant.accessTokens.delete(token);
    this.#accessTokens.delete(token);
  }

  /** The account of a live access token. */
  accountOf(accessToken: string | undefined): string | undefined {
    const found = this.#accessTokens.get(accessToken ?? '');
    return found === undefined || found.endsAtMs <= performance.now() ? undefined : found.grant.account;
  }

  #newAccessToken(grant: QuirkGrant, { accessTokenMs }: QuirkBehaviour): string {
    const token = fresh('at');
    grant.accessTokens.add(token);
    const endsAtMs = accessTokenMs === undefined ? Infinity : performance.now() + accessTokenMs;
    this.#accessTokens.set(token, { grant, endsAtMs });
    return token;
  }

  #newRefreshToken(grant: QuirkGrant): string {
    const token = fresh('rt');
    this.#refreshTokens.set(token, { grant });
    return token;
  }

  #end(grant: QuirkGrant): void {
    grant.isEnded = true;
    this.#endAccessTokens(grant);
  }

  #endAccessTokens(grant: QuirkGrant): void {
    for (const token of grant.accessTokens) this.#accessTokens.delete(token);
    grant.accessTokens.clear();
  }
}

/** A token that no text of ours resembles, for searches in logs and answers. */
function fresh(kind: 'code' | 'at' | 'rt'): string {
  return `quirk-${kind}-${randomBytes(18).toString('base64url')}`;
}

function challengeOf(verifier: string): string {
  return hash('sha256', verifier, 'base64url');
}
