import type { Egress } from '@action-mesh/egress';
import type { Clock } from '@action-mesh/kernel';
import type { EndpointTraits } from '@action-mesh/providers';
import { z } from 'zod';

import { providerDeadlineMs } from '../../application/connections/oauth-client.port.js';
import type { TokenResult } from '../../domain/connections/token-failure.js';
import { attemptFailure, failed, statusFailure, unsent } from './token-failures.js';

const mostBytes = 262_144;
const goodForMs = 3_600_000;
const badForMs = 30_000;
/** Tenants choose issuers, so the number of remembered ones has a bound. */
const mostIssuers = 1_000;

const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  revocation_endpoint: z.string().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

interface Remembered {
  readonly found: Promise<TokenResult<EndpointTraits>>;
  /** Monotonic milliseconds. */
  endsAtMs: number;
}

/**
 * The metadata of authorization servers (RFC 8414, OpenID Connect Discovery).
 *
 * - OD1: the metadata must name exactly the issuer that was asked, so no server speaks for another one.
 * - OD2: the egress policy must allow each endpoint. Plain http needs an entry of the operator, and the host
 *   of the issuer.
 * - OD3: metadata is remembered for an hour, and a failure for 30 s. Requests for the same issuer share one look-up.
 */
export class IssuerMetadata {
  readonly #egress: Egress;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();

  constructor(egress: Egress, clock: Clock) {
    this.#egress = egress;
    this.#clock = clock;
  }

  /** The endpoints of an issuer. */
  of(issuer: string): Promise<TokenResult<EndpointTraits>> {
    const known = this.#remembered.get(issuer);
    if (known !== undefined && known.endsAtMs > this.#clock.monotonicMs()) return known.found;
    const entry: Remembered = { found: this.#look(issuer), endsAtMs: Number.POSITIVE_INFINITY };
    this.#remembered.delete(issuer);
    this.#remembered.set(issuer, entry);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= mostIssuers) break;
      this.#remembered.delete(oldest);
    }
    return entry.found.then((found) => {
      entry.endsAtMs = this.#clock.monotonicMs() + (found.ok ? goodForMs : badForMs);
      return found;
    });
  }

  async #look(issuer: string): Promise<TokenResult<EndpointTraits>> {
    if (!URL.canParse(issuer)) return failed(unsent('client', 'invalid_settings'));
    const { origin, pathname } = new URL(issuer);
    const path = pathname === '/' ? '' : pathname;
    const stripped = issuer.replace(/\/$/, '');
    const first = await this.#read(`${origin}/.well-known/oauth-authorization-server${path}`, issuer);
    if (first.ok || !first.failure.code.startsWith('http_4')) return first;
    return this.#read(`${stripped}/.well-known/openid-configuration`, issuer);
  }

  async #read(url: string, issuer: string): Promise<TokenResult<EndpointTraits>> {
    const attempt = await this.#egress.request({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      deadlineMs: providerDeadlineMs / 2,
      maxResponseBytes: mostBytes,
    });
    if (attempt.kind !== 'response')
      return failed({ ...attemptFailure(attempt), certainlyNotProcessed: true });
    if (attempt.status !== 200)
      return failed({ ...statusFailure(attempt.status, undefined), certainlyNotProcessed: true });
    if (!attempt.bodyComplete || attempt.undecoded !== undefined)
      return failed(unsent('transient', attempt.truncated ? 'metadata_too_large' : 'metadata_malformed'));
    const parsed = metadataSchema.safeParse(jsonOf(attempt.body));
    if (!parsed.success) return failed(unsent('transient', 'metadata_malformed'));
    if (parsed.data.issuer !== issuer) return failed(unsent('client', 'issuer_mismatch'));
    const { authorization_endpoint, token_endpoint, revocation_endpoint } = parsed.data;
    const endpoints = [authorization_endpoint, token_endpoint, ...[revocation_endpoint ?? []].flat()];
    if (endpoints.some((endpoint) => !this.#isAllowed(endpoint, issuer)))
      return failed(unsent('client', 'egress_denied'));
    return { ok: true, value: traitsOf(parsed.data) };
  }

  /** The policy knows the address behind a name only when it dials, so plain http is left to the host of the issuer. */
  #isAllowed(endpoint: string, issuer: string): boolean {
    if (this.#egress.refusalOf(endpoint) !== undefined) return false;
    const { protocol, hostname } = new URL(endpoint);
    return protocol === 'https:' || hostname === new URL(issuer).hostname;
  }
}

function traitsOf(metadata: z.output<typeof metadataSchema>): EndpointTraits {
  const { revocation_endpoint: revocationUrl } = metadata;
  // RFC 8414: without the member, the server takes Basic.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const takesBasic = methods.includes('client_secret_basic') || !methods.includes('client_secret_post');
  return {
    authorizationUrl: metadata.authorization_endpoint,
    tokenUrl: metadata.token_endpoint,
    refreshUrl: metadata.token_endpoint,
    clientAuth: takesBasic ? 'basic' : 'body',
    bodyFormat: 'form',
    // A server without PKCE ignores its parameters (RFC 6749, section 3.1).
    pkce: true,
    issuer: metadata.issuer,
    sendsIssuer: metadata.authorization_response_iss_parameter_supported ?? false,
    callbackParameters: [],
    revocation:
      revocationUrl === undefined
        ? undefined
        : {
            url: revocationUrl,
            parameter: 'token',
            method: 'POST',
            auth: 'client',
            headers: {},
            bodyFormat: 'form',
            tokens: ['refresh', 'access'],
            success: undefined,
          },
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
