import type { StoredCredential } from '../../domain/connections/credential.js';
import type { ConnectParts } from './connect-parts.js';
import type { StoredSession } from './connect-session-store.port.js';
import { secretOwnerOf } from './settle-credential.js';

/** After this time without success the credential is erased without a revocation, milliseconds from the session's end. */
const giveUpMs = 24 * 3_600_000;

/**
 * Ends a grant that no connection took, at its provider, and erases its credential.
 *
 * - CF7: the revocation of an abandoned grant never ends a connection in use. Many providers end all grants of an
 *   account at once, so a shared account is only forgotten here.
 */
export class RevokeAbandoned {
  readonly #parts: ConnectParts;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  /** Returns false when the provider has to be asked again later. The credential then stays. */
  async one({ session, pending }: StoredSession): Promise<boolean> {
    if (pending === undefined) return true;
    const { sessions, vault, clock } = this.#parts;
    const credential = JSON.parse(
      await vault.open(secretOwnerOf(session), 'pending', pending),
    ) as StoredCredential;
    const isOver = clock.now() - session.expiresAtMs >= giveUpMs;
    if (!(await this.#end(session, credential)) && !isOver) return false;
    await sessions.change(
      session.publicId,
      { status: ['open', 'failed', 'expired'] },
      { pending: null, details: null, claimedUntilMs: null },
    );
    return true;
  }

  async #end(session: StoredSession['session'], credential: StoredCredential): Promise<boolean> {
    if (credential.kind === 'fields') return true;
    const { connections, integrations, oauth } = this.#parts;
    const accountId = session.details?.account?.id;
    if (await connections.sharesGrant(session.tenantId, session.integration, accountId)) return true;
    const integration = await integrations.findForRevocation(session.tenantId, session.integration);
    if (integration?.provider.id !== session.provider) return true;
    const revoked = await oauth.revoke(integration, credential);
    return revoked.ok || revoked.failure.kind === 'permanent';
  }
}
