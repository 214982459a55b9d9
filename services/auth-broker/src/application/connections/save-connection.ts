import { defined, newId } from '@action-mesh/kernel';
import { refreshTraits, type ProviderDefinition } from '@action-mesh/providers';

import { isKnownConnection, type StoredConnection } from '../../domain/connections/stored-connection.js';
import type { ConnectionStore, StoreResult } from './connection-store.port.js';
import type { NewCredential, SaveConnection, Saved } from './save-connection.port.js';
import type { Vault } from './vault.port.js';

const mostTries = 5;

interface SaveConnectionParts {
  readonly connections: ConnectionStore;
  readonly vault: Vault;
  readonly providers: ReadonlyMap<string, ProviderDefinition>;
}

/**
 * Stores the credential that a user has just given.
 *
 * - CN1: the same account again renews its connection. Accounts that the provider cannot tell apart never replace each
 *   other, except where the user repairs a connection by its id.
 * - CN2: a repaired connection keeps its account, unless the user chose otherwise.
 * - CN3: a connection becomes the default when its user stores it and has none at this integration. A default never moves
 *   by itself, so calls never change their account without their user.
 * - CN4: a connection belongs to an integration of its provider that is not removed, so no removal leaves one behind.
 */
export class SaveNewConnection implements SaveConnection {
  readonly #parts: SaveConnectionParts;

  constructor(parts: SaveConnectionParts) {
    this.#parts = parts;
  }

  async run(given: NewCredential): Promise<Saved> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const renewed = await this.#renewedBy(given);
      if (renewed === 'other_account' || renewed === 'unknown_connection') return { kind: renewed };
      const id = renewed?.id ?? newId();
      const result = await this.#save(given, id, renewed);
      if (result === 'stored') return { kind: 'saved', connectionId: id };
      if (result === 'integration_gone') return { kind: result };
    }
    throw new Error('the connection changed again and again while it was stored');
  }

  async #renewedBy(
    given: NewCredential,
  ): Promise<StoredConnection | 'other_account' | 'unknown_connection' | undefined> {
    const { connections } = this.#parts;
    const { connectionId, account } = given;
    if (connectionId === undefined)
      return account === undefined ? undefined : connections.findAccount(given, account.id);
    const known = await connections.find(given.tenantId, connectionId);
    const isTheirs =
      known !== undefined &&
      isKnownConnection(known) &&
      known.userId === given.userId &&
      known.integration === given.integration;
    if (!isTheirs) return 'unknown_connection';
    const isOther = known.account !== undefined && known.account.id !== account?.id;
    return isOther && !given.allowOtherAccount ? 'other_account' : known;
  }

  async #save(given: NewCredential, id: string, renewed: StoredConnection | undefined): Promise<StoreResult> {
    const { connections, vault, providers } = this.#parts;
    const { tenantId, userId, integration, provider } = given;
    const definition = providers.get(provider);
    const ordinaryMs = definition === undefined ? undefined : refreshTraits(definition).accessTokenMs;
    const sealed = await vault.seal(
      { tenantId, userId, provider, id },
      'credential',
      JSON.stringify(given.credential),
    );
    return connections.save({
      id,
      tenantId,
      userId,
      integration,
      provider,
      sealed,
      ...defined({
        account: given.account,
        baseUrl: given.baseUrl,
        scopes: given.scopes,
        expiresInMs: given.expiresInMs ?? (given.credential.kind === 'fields' ? undefined : ordinaryMs),
        refreshExpiresInMs: given.refreshExpiresInMs,
        label: given.label,
        renews: renewed?.id,
      }),
    });
  }
}
