import type { Attempt, Egress } from '@action-mesh/egress';
import { textAt, valueAt, type RevocationTraits } from '@action-mesh/providers';

import { providerDeadlineMs } from '../../application/connections/oauth-client.port.js';
import type { TokenFailure } from '../../domain/connections/token-failure.js';
import { basicAuthorization, type OAuthClientSecret } from './client-authentication.js';
import { retryAfterMs } from './retry-after.js';
import { attemptFailure, statusFailure, unsent } from './token-failures.js';

const mostBytes = 65_536;

/** One token to revoke, and the client that it belongs to. */
export interface TokenToRevoke {
  readonly kind: 'refresh' | 'access';
  readonly token: string;
  /** The bearer of requests that prove themselves with a token. */
  readonly accessToken: string;
  readonly client: OAuthClientSecret;
  readonly clientAuth: 'basic' | 'body' | 'none';
}

/**
 * Revokes one token (RFC 7009). Undefined: it is revoked, or the provider does not know it, which is the same. An empty
 * answer is as good as any other, which is why `simple-oauth2` cannot do this.
 */
export async function revokeToken(
  egress: Egress,
  traits: RevocationTraits,
  revoked: TokenToRevoke,
): Promise<TokenFailure | undefined> {
  const { url, body, headers } = revocationRequest(traits, revoked);
  const attempt = await egress.request({
    method: traits.method,
    url,
    headers,
    ...(body === undefined ? {} : { body }),
    deadlineMs: providerDeadlineMs,
    maxResponseBytes: mostBytes,
  });
  if (attempt.kind !== 'response') return attemptFailure(attempt);
  const answer = jsonIn(attempt);
  if (attempt.status >= 200 && attempt.status < 300) {
    const { success } = traits;
    if (success === undefined || valueAt(success.at, answer) === success.equals) return undefined;
    return unsent('unknown', 'refused');
  }
  const code = textAt('/error', answer);
  // The provider has no such token, or revokes no tokens of this kind.
  if (attempt.status === 400 && (code === 'invalid_token' || code === 'unsupported_token_type'))
    return undefined;
  if (traits.auth === 'token' && attempt.status === 401) return undefined;
  if (code === 'invalid_client' || code === 'unauthorized_client') return unsent('client', code);
  return statusFailure(attempt.status, retryAfterMs(attempt.headers['retry-after'], Date.now()));
}

function revocationRequest(
  { url, parameter, method, auth, bodyFormat, headers }: RevocationTraits,
  { kind, token, accessToken, client, clientAuth }: TokenToRevoke,
): { readonly url: string; readonly body?: string; readonly headers: Record<string, string> } {
  const members: Record<string, string> = {};
  if (parameter !== undefined) members[parameter] = token;
  // The hint belongs to RFC 7009 alone.
  if (parameter === 'token') members['token_type_hint'] = `${kind}_token`;
  const sent: Record<string, string> = { accept: 'application/json', ...headers };
  if (auth === 'token') sent['authorization'] = `Bearer ${accessToken}`;
  else if (auth === 'basic' || clientAuth === 'basic') sent['authorization'] = basicAuthorization(client);
  else {
    members['client_id'] = client.clientId;
    if (clientAuth === 'body') members['client_secret'] = client.clientSecret;
  }
  if (method === 'GET') {
    const target = new URL(url);
    for (const [name, value] of Object.entries(members)) target.searchParams.set(name, value);
    return { url: target.href, headers: sent };
  }
  if (Object.keys(members).length === 0) return { url, headers: sent };
  const isJson = bodyFormat === 'json';
  sent['content-type'] = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  const body = isJson ? JSON.stringify(members) : new URLSearchParams(members).toString();
  return { url, headers: sent, body };
}

function jsonIn(attempt: Extract<Attempt, { kind: 'response' }>): unknown {
  try {
    return JSON.parse(attempt.body.toString('utf8'));
  } catch {
    return undefined;
  }
}
