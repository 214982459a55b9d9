import { refreshTraits, type ProviderDefinition } from '@action-mesh/providers';

import type { StoredCredential } from '../../domain/connections/credential.js';
import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { Integrations } from './integrations.port.js';
import type { RefreshConnection } from './refresh-connection.js';
import { ownerOf, type Vault } from './vault.port.js';

const atOnce = 50;
/** The broker uses an idle refresh token after this share of the time that the provider gives it. */
const shareOfIdle = 2 / 3;

/** Reads connections with a refresh token that no refresh has used for long. */
export interface IdleConnections {
  /** Active connections of a provider without a refresh for this long, by id. `after`: the last id of the page before. */
  idleFor(
    provider: string,
    ms: number,
    page: { readonly most: number; readonly after?: string | undefined },
  ): Promise<readonly StoredConnection[]>;
}

interface KeepAliveParts {
  readonly idle: IdleConnections;
  readonly integrations: Integrations;
  readonly refresh: RefreshConnection;
  readonly vault: Pick<Vault, 'open'>;
  readonly providers: ReadonlyMap<string, ProviderDefinition>;
  readonly onError: (connectionId: string, error: unknown) => void;
}

/** Refreshes unused connections, before their providers end the idle grants. */
export class KeepAlive {
  readonly #parts: KeepAliveParts;

  constructor(parts: KeepAliveParts) {
    this.#parts = parts;
  }

  /** One connection after the other: this work is never urgent. Returns the number of refreshed connections. */
  async run(): Promise<number> {
    let refreshed = 0;
    for (const provider of this.#parts.providers.values()) {
      const { idleMs } = refreshTraits(provider);
      if (idleMs !== undefined)
        refreshed += await this.#ofProvider(provider.id, Math.round(idleMs * shareOfIdle));
    }
    return refreshed;
  }

  async #ofProvider(provider: string, ms: number): Promise<number> {
    const { idle, onError } = this.#parts;
    let refreshed = 0;
    let after: string | undefined;
    // Each page goes on behind the last one: connections that cannot be refreshed must not keep the others waiting.
    for (;;) {
      const page = await idle.idleFor(provider, ms, { most: atOnce, after });
      for (const connection of page) {
        try {
          if (await this.#refreshed(connection)) refreshed += 1;
        } catch (error) {
          onError(connection.id, error);
        }
      }
      if (page.length < atOnce) return refreshed;
      after = page.at(-1)?.id;
    }
  }

  async #refreshed(connection: StoredConnection): Promise<boolean> {
    const { integrations, refresh, vault } = this.#parts;
    const integration = await integrations.find(connection.tenantId, connection.integration);
    if (integration === undefined || integration.broken !== undefined || connection.sealed === undefined)
      return false;
    const text = await vault.open(ownerOf(connection), 'credential', connection.sealed);
    const credential = JSON.parse(text) as StoredCredential;
    if (credential.kind !== 'oauth2' || credential.refreshToken === undefined) return false;
    return (await refresh.run({ connection, credential }, integration)).kind === 'refreshed';
  }
}
