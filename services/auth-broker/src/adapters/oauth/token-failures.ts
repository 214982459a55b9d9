import type { Attempt, NotSent } from '@action-mesh/egress';
import { ProviderError } from '@action-mesh/providers';

import type { TokenFailure, TokenFailureKind, TokenResult } from '../../domain/connections/token-failure.js';

/** A failure before a byte left. */
export function unsent(kind: TokenFailureKind, code: string): TokenFailure {
  return { kind, code, certainlyNotProcessed: true };
}

/** A failure after which the provider may have done its work. */
export function uncertain(code: string, kind: TokenFailureKind = 'transient'): TokenFailure {
  return { kind, code, certainlyNotProcessed: false };
}

export function failed(failure: TokenFailure): { readonly ok: false; readonly failure: TokenFailure } {
  return { ok: false, failure };
}

/** The failure of a connection. The tenant has to act where the operator's policy refuses the address. */
export function unsentFailure({ reason }: NotSent): TokenFailure {
  return reason === 'denied' ? unsent('client', 'egress_denied') : unsent('transient', reason);
}

/** The failure of a request through `Egress` that got no whole answer. */
export function attemptFailure(attempt: Exclude<Attempt, { kind: 'response' }>): TokenFailure {
  if (attempt.kind === 'not_sent') return unsentFailure(attempt);
  return uncertain(attempt.reason === 'timeout' ? 'timeout' : 'connection_lost');
}

/** A setting of the integration does not fit its provider, so no request leaves. Other errors are defects. */
function settingsFailure(error: unknown): TokenFailure {
  if (!(error instanceof ProviderError)) throw error;
  return unsent('client', error.code === 'PROVIDER_FOREIGN_HOST' ? 'foreign_host' : 'invalid_settings');
}

/** The result of a step that reads settings. */
export function withSettings<Value>(step: () => Value): TokenResult<Value> {
  try {
    return { ok: true, value: step() };
  } catch (error) {
    return failed(settingsFailure(error));
  }
}

/** A status without an error code that anybody knows. */
export function statusFailure(status: number, waitMs: number | undefined): TokenFailure {
  const isTransient = status >= 500 || status === 429 || status === 408;
  return {
    kind: isTransient ? 'transient' : 'unknown',
    code: `http_${status}`,
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    // A 4xx refuses the request. After a timeout or a redirect, the effect is unknown.
    certainlyNotProcessed: status >= 400 && status < 500 && status !== 408,
  };
}

/**
 * A code that is safe to store and show: lower case, digits, `_`, `.` and `-` alone. An unknown code is a text of the
 * provider, so long ones are cut.
 */
export function plainCode(text: string): string {
  const plain = text
    .toLowerCase()
    .slice(0, 100)
    .replaceAll(/[^a-z0-9_.-]+/g, '_');
  return /[a-z0-9]/.test(plain) ? plain : 'unknown_error';
}
