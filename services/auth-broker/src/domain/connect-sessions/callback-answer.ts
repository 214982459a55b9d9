import type { ConnectError } from './connect-session.js';

/** The query of a callback, with each parameter once. */
export interface CallbackAnswer {
  readonly state: string;
  readonly iss?: string;
  readonly code?: string;
  readonly error?: string;
}

const known = ['state', 'iss', 'code', 'error'] as const;
/** The longest value of a parameter, in characters. */
const longest = 4_096;

/**
 * Reads the query of a callback. A doubled parameter is refused, since two programs may read different ones (RFC 6749,
 * section 3.1).
 */
export function readCallback(query: string): CallbackAnswer | 'doubled' | 'incomplete' {
  const parameters = new URLSearchParams(query);
  if (known.some((name) => parameters.getAll(name).length > 1)) return 'doubled';
  const read: Partial<Record<(typeof known)[number], string>> = {};
  for (const name of known) {
    const value = parameters.get(name);
    if (value === null || value === '') continue;
    if (value.length > longest) return 'incomplete';
    read[name] = value;
  }
  const { state, ...rest } = read;
  if (state === undefined) return 'incomplete';
  if (rest.code !== undefined && rest.error !== undefined) return 'incomplete';
  return rest.code === undefined && rest.error === undefined ? 'incomplete' : { state, ...rest };
}

/** Our code for an error code of an authorization server (RFC 6749, section 4.1.2.1; OpenID Connect Core, 3.1.2.6). */
export function consentError(code: string): ConnectError {
  switch (code) {
    case 'access_denied':
    case 'user_cancelled_login':
    case 'user_cancelled_authorize':
    case 'consent_required':
    case 'login_required':
    case 'interaction_required':
      return 'access_denied';
    case 'invalid_request':
    case 'invalid_scope':
    case 'unauthorized_client':
    case 'unsupported_response_type':
    case 'invalid_client':
      return 'integration_refused';
    case 'server_error':
    case 'temporarily_unavailable':
      return 'provider_unavailable';
    default:
      return 'provider_error';
  }
}
