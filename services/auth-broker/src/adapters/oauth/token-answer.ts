import { tokenAnswerTraits, tokenErrorOf, valueAt, type ProviderDefinition } from '@action-mesh/providers';

import type { IssuedTokens } from '../../domain/connections/credential.js';
import type { TokenFailure, TokenResult } from '../../domain/connections/token-failure.js';
import { idTokenClaims } from './id-token-claims.js';
import { failed, plainCode, statusFailure, uncertain } from './token-failures.js';
import { tokenDetails } from './token-details.js';

/** A whole answer of a token endpoint. */
export interface TokenEndpointAnswer {
  readonly status: number;
  /** The parsed JSON or form. Undefined: it is neither. */
  readonly body: unknown;
  /** The wait that the answer asks for, milliseconds. */
  readonly retryAfterMs?: number;
}

/** The request that an answer belongs to, and the expected parties of an ID token. */
export interface AnsweredRequest {
  readonly provider: ProviderDefinition;
  readonly kind: 'exchange' | 'refresh';
  readonly clientId: string;
  /** Undefined: the issuer is unknown. */
  readonly issuer: string | undefined;
  /** Query parameters of the callback that belong to the account. */
  readonly callback?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** The longest life that an answer may claim, in milliseconds: ten years. */
const mostMs = 315_360_000_000;

/** The tokens in an answer, or the failure that it reports: a provider may report errors with a 2xx status too. */
export function readTokenAnswer(
  answer: TokenEndpointAnswer,
  request: AnsweredRequest,
): TokenResult<IssuedTokens> {
  const { provider, kind } = request;
  const error = tokenErrorOf(provider, kind, answer.body);
  if (error !== undefined) return failed(reported(error, answer));
  if (answer.status < 200 || answer.status > 299)
    return failed(statusFailure(answer.status, answer.retryAfterMs));
  const traits = tokenAnswerTraits(provider, kind);
  const { success } = traits;
  if (success !== undefined && valueAt(success.at, answer.body) !== success.equals)
    return failed(uncertain('refused', 'unknown'));
  const accessToken = secretAt(traits.accessToken, answer.body);
  if (accessToken === undefined) return failed(uncertain('malformed_answer'));
  const refreshToken = secretAt(traits.refreshToken, answer.body);
  const expiresInMs = durationAt([traits.expiresIn], answer.body, traits.expiresInUnitMs);
  const refreshExpiresInMs = durationAt(traits.refreshExpiresIn, answer.body, 1_000);
  const scopes = traits.scope === undefined ? undefined : scopesAt(traits.scope, answer.body);
  return {
    ok: true,
    value: {
      accessToken,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(expiresInMs === undefined ? {} : { expiresInMs }),
      ...(refreshExpiresInMs === undefined ? {} : { refreshExpiresInMs }),
      ...(scopes === undefined ? {} : { scopes }),
      details: tokenDetails(answer.body, [accessToken, refreshToken], {
        id_token: idTokenClaims(valueAt('/id_token', answer.body), request),
        callback: request.callback,
      }),
    },
  };
}

function reported(
  { code, kind }: NonNullable<ReturnType<typeof tokenErrorOf>>,
  { status, retryAfterMs }: TokenEndpointAnswer,
): TokenFailure {
  // A busy provider may describe its state with any code.
  const known = kind ?? (status === 429 || status >= 500 ? 'transient' : 'unknown');
  const isRefusal = known === 'permanent' || known === 'client';
  return {
    kind: known,
    code: plainCode(code),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    certainlyNotProcessed: status < 500 && (isRefusal || (status >= 400 && status !== 408)),
  };
}

function secretAt(pointer: string, body: unknown): string | undefined {
  const value = valueAt(pointer, body);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A life in milliseconds. Providers write it as a number or as text, and 0 where a token has no end. */
function durationAt(pointers: readonly string[], body: unknown, unitMs: number): number | undefined {
  for (const pointer of pointers) {
    const value = valueAt(pointer, body);
    const isText = typeof value === 'string' && /^\d{1,15}(\.\d{1,9})?$/.test(value.trim());
    const units = typeof value === 'number' ? value : isText ? Number(value) : Number.NaN;
    if (Number.isFinite(units) && units > 0) return Math.min(Math.floor(units * unitMs), mostMs);
  }
  return undefined;
}

/** The granted scopes. Some providers ask for scopes with spaces and answer with commas, so both separate. */
function scopesAt(pointer: string, body: unknown): readonly string[] | undefined {
  const value = valueAt(pointer, body);
  if (Array.isArray(value)) return value.filter((scope): scope is string => typeof scope === 'string');
  if (typeof value !== 'string') return undefined;
  return [...new Set(value.split(/[\s,]+/).filter((scope) => scope !== ''))];
}
