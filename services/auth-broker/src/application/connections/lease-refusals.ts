import type { LeaseAnswer, LeaseRefusal, TokenRequest } from '@action-mesh/connections';
import { defined } from '@action-mesh/kernel';

import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { ConnectLinks } from './connect-links.port.js';

/** The request of an executor, without the parts that only its transport needs. */
export type CredentialRequest = Pick<
  TokenRequest,
  'tenant_id' | 'user_id' | 'integration' | 'connection_id' | 'not_version' | 'scopes'
> &
  Partial<Pick<TokenRequest, 'call_id'>>;

/** The refusals of requests for credentials, with the link that repairs each. */
export class LeaseRefusals {
  readonly #links: ConnectLinks;

  constructor(links: ConnectLinks) {
    this.#links = links;
  }

  noIntegration({ integration }: CredentialRequest): LeaseAnswer {
    return refuse({
      code: 'no_integration',
      message: `the tenant has no integration ${integration}; PUT /v1/integrations/${integration} sets it up`,
    });
  }

  noConnection(request: CredentialRequest): LeaseAnswer {
    const { user_id: userId, integration, connection_id: id } = request;
    return refuse({
      code: 'no_connection',
      message:
        id === undefined
          ? `${userId} has no default connection to ${integration}; the user connects an account, or chooses one with POST /v1/connections/:id/default`
          : `${userId} has no connection ${id} to ${integration}; the user connects the account again`,
      // A disconnected connection cannot be repaired, so the link makes a new one.
      connect_url: this.#urlOf(request),
    });
  }

  needsReauth(request: CredentialRequest, connection: StoredConnection): LeaseAnswer {
    return refuse({
      code: 'needs_reauth',
      message: `the connection of ${request.user_id} to ${request.integration} has ended; the user connects the account again`,
      connect_url: this.#urlOf(request, connection),
      connection_id: connection.id,
    });
  }

  missingScopes(
    request: CredentialRequest,
    connection: StoredConnection,
    missing: readonly string[],
  ): LeaseAnswer {
    return refuse({
      code: 'missing_scopes',
      message: `the connection of ${request.user_id} to ${request.integration} lacks ${missing.join(', ')}; the user grants them`,
      connect_url: this.#urlOf(request, connection, [...(connection.scopes ?? []), ...missing]),
      missing_scopes: [...missing],
      connection_id: connection.id,
    });
  }

  integrationBroken(retryAfterMs: number): LeaseAnswer {
    return refuse({
      code: 'integration_broken',
      message:
        'the provider refuses the client of this integration; its tenant corrects client id and secret',
      retry_after_ms: Math.ceil(retryAfterMs),
    });
  }

  rejected(connection: StoredConnection): LeaseAnswer {
    return refuse({
      code: 'rejected',
      message: 'the provider refused a credential that it has just issued, so another one would not help',
      connection_id: connection.id,
    });
  }

  unavailable(message: string, retryAfterMs: number): LeaseAnswer {
    return refuse({
      code: 'unavailable',
      message,
      retry_after_ms: Math.max(0, Math.ceil(retryAfterMs)),
    });
  }

  #urlOf(
    { tenant_id: tenantId, user_id: userId, integration }: CredentialRequest,
    connection?: StoredConnection,
    scopes?: readonly string[],
  ): string {
    return this.#links.urlOf({
      tenantId,
      userId,
      integration,
      ...defined({ connectionId: connection?.id, scopes }),
    });
  }
}

/** The most characters of a message. An executor drops a lease with a longer one. */
const longestMessage = 1_000;

function refuse(refusal: LeaseRefusal): LeaseAnswer {
  return { refusal: { ...refusal, message: refusal.message.slice(0, longestMessage) } };
}
