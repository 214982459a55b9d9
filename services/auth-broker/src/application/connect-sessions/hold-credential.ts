import { defined } from '@action-mesh/kernel';
import { credentialPlaces, ProviderError } from '@action-mesh/providers';

import type { IssuedTokens, StoredCredential } from '../../domain/connections/credential.js';
import { newConnectSecret, secretDigest } from '../../domain/connect-sessions/connect-secret.js';
import type {
  ConnectError,
  ConnectSession,
  HeldDetails,
} from '../../domain/connect-sessions/connect-session.js';
import { returnTo } from '../../domain/connect-sessions/return-url.js';
import type { KnownIntegration } from '../connections/integrations.port.js';
import type { ConnectParts } from './connect-parts.js';
import { secretOwnerOf } from './settle-credential.js';
import { errorOfFailure } from './token-failure-error.js';

/** A credential that a provider has just issued, or that a person has entered. */
export interface FreshCredential {
  readonly credential: StoredCredential;
  readonly tokens?: IssuedTokens;
}

/** `returnUrl`: where the browser goes. Absent: the person confirms on the page. `stale`: the session went on without it. */
export type HoldResult =
  | { readonly kind: 'held'; readonly returnUrl?: string }
  | { readonly kind: 'failed'; readonly error: ConnectError }
  | { readonly kind: 'stale' };

/**
 * Finds the account behind a fresh credential, and keeps the credential sealed in its session until a person or a
 * program completes it.
 *
 * - CF6: the broker keeps a credential that no connection takes until its provider has ended it.
 */
export class HoldCredential {
  readonly #parts: ConnectParts;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  async run(
    session: ConnectSession,
    integration: KnownIntegration,
    fresh: FreshCredential,
  ): Promise<HoldResult> {
    const { sessions, vault, clock } = this.#parts;
    const sealing = vault.seal(secretOwnerOf(session), 'pending', JSON.stringify(fresh.credential));
    const [found, pending] = await Promise.all([this.#account(session, integration, fresh), sealing]);
    if ('error' in found) {
      const { error, accountId } = found;
      // An entered credential is the person's own, so nothing is to end at its provider.
      const kept =
        fresh.tokens === undefined
          ? {}
          : { pending, details: accountId === undefined ? {} : { account: { id: accountId } } };
      await sessions.change(session.publicId, { status: ['open'] }, { status: 'failed', error, ...kept });
      return { kind: 'failed', error };
    }
    const { tokens } = fresh;
    const nowMs = clock.now();
    const details: HeldDetails = {
      ...found.details,
      ...defined({
        scopes: tokens === undefined ? undefined : (tokens.scopes ?? session.scopes),
        expiresAtMs: tokens?.expiresInMs === undefined ? undefined : nowMs + tokens.expiresInMs,
        refreshExpiresAtMs:
          tokens?.refreshExpiresInMs === undefined ? undefined : nowMs + tokens.refreshExpiresInMs,
      }),
    };
    const completion = session.returnUrl === undefined ? undefined : newConnectSecret();
    const isHeld = await sessions.change(
      session.publicId,
      { status: ['open'], liveAtMs: nowMs },
      {
        status: 'returned',
        pending,
        details,
        completionDigest: completion === undefined ? null : secretDigest(completion),
      },
    );
    if (!isHeld) {
      // The session expired meanwhile, so the sweep ends the grant.
      await sessions.change(session.publicId, { status: ['open', 'expired'] }, { pending, details });
      return { kind: 'stale' };
    }
    if (session.returnUrl === undefined || completion === undefined) return { kind: 'held' };
    const result = { connect_session: session.publicId, completion };
    return { kind: 'held', returnUrl: returnTo(session.returnUrl, result) };
  }

  async #account(
    session: ConnectSession,
    integration: KnownIntegration,
    { credential, tokens }: FreshCredential,
  ): Promise<
    | { readonly details: Pick<HeldDetails, 'account' | 'baseUrl'> }
    | { readonly error: ConnectError; readonly accountId?: string }
  > {
    const { oauth, connections } = this.#parts;
    const fields = credential.kind === 'fields' ? credential.fields : {};
    const secrets = credential.kind === 'fields' ? fields : { access_token: credential.accessToken };
    let places;
    try {
      places = credentialPlaces(integration.provider, { secrets, settings: integration.settings });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { error: 'credential_refused' };
    }
    const account = await oauth.account(integration, { places, fields, details: tokens?.details ?? {} });
    if (!account.ok) {
      const { kind } = account.failure;
      // The provider refuses a credential that a person has entered, or that it has just issued.
      return {
        error:
          kind === 'permanent' || kind === 'client' ? 'credential_refused' : errorOfFailure(account.failure),
      };
    }
    const accountId = account.value.account?.id;
    if (session.connectionId !== undefined && !session.allowOtherAccount && accountId !== undefined) {
      const repaired = await connections.find(session.tenantId, session.connectionId);
      if (repaired?.accountId !== undefined && repaired.accountId !== accountId)
        return { error: 'other_account', accountId };
    }
    return { details: account.value };
  }
}
