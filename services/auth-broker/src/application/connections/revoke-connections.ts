import { authBrokerPoints } from '../../domain/diagnostics.js';
import type { StoredCredential } from '../../domain/connections/credential.js';
import { coolDownMs } from '../../domain/connections/refresh-rules.js';
import type { TokenFailure } from '../../domain/connections/token-failure.js';
import type { Disconnections, DueRevocation } from './disconnections.port.js';
import type { Integrations, KnownIntegration } from './integrations.port.js';
import type { OAuthClient } from './oauth-client.port.js';
import { ownerOf, type Vault } from './vault.port.js';

const atOnce = 20;
const tryForMs = 24 * 3_600_000;

interface RevokeConnectionsParts {
  readonly disconnections: Disconnections;
  readonly integrations: Pick<Integrations, 'findForRevocation'>;
  readonly oauth: Pick<OAuthClient, 'revoke'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly onError: (connectionId: string, error: unknown) => void;
}

/**
 * Ends disconnected connections at their providers, and erases their credentials.
 *
 * - DC1: the broker asks the provider first, for up to a day. Only then does it erase the credential, the only means to
 *   end the grant.
 * - DC2: the broker does not end a grant at the provider while another connection lives from it.
 */
export class RevokeConnections {
  readonly #parts: RevokeConnectionsParts;

  constructor(parts: RevokeConnectionsParts) {
    this.#parts = parts;
  }

  /** Handles the connections that are due, and returns their number. */
  async run(): Promise<number> {
    const { disconnections, onError } = this.#parts;
    await disconnections.beginForRemovedTenants();
    const due = await disconnections.take(atOnce);
    await Promise.all(
      due.map((each) => this.#end(each).catch((error: unknown) => onError(each.connection.id, error))),
    );
    return due.length;
  }

  async #end(due: DueRevocation): Promise<void> {
    const { disconnections, integrations } = this.#parts;
    const { connection, sharesGrant } = due;
    if (sharesGrant) return disconnections.complete(connection, 'shared_grant');
    const integration = await integrations.findForRevocation(connection.tenantId, connection.integration);
    if (integration === undefined) return disconnections.complete(connection, 'no_integration');
    const failure = await this.#revoke(due, integration);
    if (failure === undefined) return disconnections.complete(connection);
    const { readAtMs, revokingSinceMs = readAtMs } = connection;
    if (readAtMs - revokingSinceMs >= tryForMs) return disconnections.complete(connection, failure.code);
    await disconnections.postpone(
      connection,
      failure.code,
      coolDownMs(connection.failures + 1, failure.retryAfterMs),
    );
  }

  /** Returns the failure that another request may overcome. */
  async #revoke(
    { connection, orphans }: DueRevocation,
    integration: KnownIntegration,
  ): Promise<TokenFailure | undefined> {
    const { oauth, vault } = this.#parts;
    const owner = ownerOf(connection);
    const texts = await Promise.all([
      // The newest tokens come first. Where tokens rotate, they alone may be alive.
      ...orphans.map((sealed) => vault.open(owner, 'orphan', sealed)),
      ...(connection.sealed === undefined ? [] : [vault.open(owner, 'credential', connection.sealed)]),
    ]);
    for (const credential of texts.map((text) => JSON.parse(text) as StoredCredential)) {
      if (credential.kind !== 'oauth2') continue;
      const result = await oauth.revoke(integration, credential);
      authBrokerPoints.after_revoke_response.publish(() => ({
        connectionId: connection.id,
        version: connection.version,
      }));
      // A grant that the provider does not know has ended already.
      if (!result.ok && result.failure.kind !== 'permanent') return result.failure;
    }
    return undefined;
  }
}
