/** The most characters of an ID token that is read. */
const mostCharacters = 20_000;

/** The parties that an ID token must name. */
export interface IdTokenParties {
  readonly clientId: string;
  /** Undefined: the issuer is unknown. */
  readonly issuer: string | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * The claims of an ID token. Undefined: it is none, or it is for another client, of another issuer, or too old.
 *
 * The signature is not checked. The token comes straight from the token endpoint over TLS, which proves its origin instead
 * (OpenID Connect Core, section 3.1.3.7). So no token from any other way may come here. Over plain http, which only a
 * listed address may use, the operator vouches for the network.
 */
export function idTokenClaims(
  token: unknown,
  { clientId, issuer, nowMs }: IdTokenParties,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof token !== 'string' || token.length > mostCharacters) return undefined;
  const claims = payloadOf(token);
  if (claims === undefined) return undefined;
  const { iss, aud, exp, azp } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const isOurs = audiences.includes(clientId) && (azp === undefined || azp === clientId);
  const isCurrent = typeof exp === 'number' && exp * 1_000 > nowMs;
  return isOurs && isCurrent && (issuer === undefined || iss === issuer) ? claims : undefined;
}

function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
