import type { TokenFailure } from '../../domain/connections/token-failure.js';
import type { ConnectError } from '../../domain/connect-sessions/connect-session.js';

/** The end of a session by a failed request to its provider. */
export function errorOfFailure({ kind }: TokenFailure): ConnectError {
  switch (kind) {
    case 'permanent':
      return 'code_refused';
    case 'client':
      return 'integration_refused';
    case 'transient':
      return 'provider_unavailable';
    case 'unknown':
      return 'provider_error';
  }
}
