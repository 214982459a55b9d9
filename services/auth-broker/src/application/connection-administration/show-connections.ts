import type { InternalCaller } from '@action-mesh/contracts';
import {
  connectionQuerySchema,
  type ConnectionPage,
  type ConnectionView,
  type UsableConnections,
} from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import { expandScopes, type ProviderDefinition } from '@action-mesh/providers';

import { UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { connectionView } from '../../domain/connections/connection-view.js';
import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import { readRequest } from '../../domain/request.js';
import { requireScopes } from '../../domain/rights.js';
import type { ConnectLinks } from '../connections/connect-links.port.js';
import type { ConnectionStore } from '../connections/connection-store.port.js';
import type { ConnectionPages } from './connection-pages.port.js';

/** The most connections of a user that decide on its tools. */
const mostOfUser = 1_000;

/** The parts that show connections. */
export interface ShowConnectionsParts {
  readonly pages: ConnectionPages;
  readonly store: Pick<ConnectionStore, 'find'>;
  readonly links: ConnectLinks;
  readonly providers: ReadonlyMap<string, ProviderDefinition>;
}

/** Shows the connections of the caller's tenant, without their credentials. */
export class ShowConnections {
  readonly #parts: ShowConnectionsParts;

  constructor(parts: ShowConnectionsParts) {
    this.#parts = parts;
  }

  /** The oldest first. Errors: `AUTH_BROKER_INVALID`, `AUTH_BROKER_MISSING_RIGHT`. */
  async list(caller: InternalCaller, query: unknown): Promise<ConnectionPage> {
    requireScopes(caller, ['connections:read'], 'a list of connections');
    const { user_id: userId, integration, limit, cursor } = readRequest(connectionQuerySchema, query);
    const { connections, hasMore } = await this.#parts.pages.page(caller.tenantId, {
      limit,
      ...defined({ userId, integration, after: cursor }),
    });
    return {
      connections: connections.map((each) => this.#viewOf(each)),
      ...defined({ cursor: hasMore ? connections.at(-1)?.id : undefined }),
    };
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, id: string): Promise<ConnectionView> {
    requireScopes(caller, ['connections:read'], 'a connection');
    return this.#viewOf(await this.known(caller.tenantId, id));
  }

  /** The default connections of a user that calls can use. Errors: `AUTH_BROKER_MISSING_RIGHT`. */
  async usable(caller: InternalCaller, query: unknown): Promise<UsableConnections> {
    requireScopes(caller, ['tools:read'], 'the connections of a user');
    const { pages, providers } = this.#parts;
    const { user_id: userId } = readRequest(connectionQuerySchema.required({ user_id: true }), query);
    const { connections } = await pages.page(caller.tenantId, { userId, limit: mostOfUser });
    const usable = connections.filter(({ state, isDefault }) => state === 'active' && isDefault);
    return {
      connections: usable.map(({ integration, provider, scopes }) => {
        const known = providers.get(provider);
        const all = known === undefined ? scopes : expandScopes(known, scopes);
        return { integration, ...defined({ scopes: all && [...all] }) };
      }),
    };
  }

  /** A connection that is not revoked. Errors: `AUTH_BROKER_UNKNOWN`. */
  async known(tenantId: string, id: string): Promise<StoredConnection> {
    const found = isConnectionId(id) ? await this.#parts.store.find(tenantId, id) : undefined;
    if (found === undefined || found.state === 'revoked') throw new UnknownIdentityError('connection');
    return found;
  }

  #viewOf(connection: StoredConnection): ConnectionView {
    const { id, tenantId, userId, integration, state } = connection;
    const url =
      state === 'needs_reauth'
        ? this.#parts.links.urlOf({ tenantId, userId, integration, connectionId: id })
        : undefined;
    return connectionView(connection, this.#parts.providers.get(connection.provider), url);
  }
}

/** PostgreSQL refuses any other text, and takes upper case for the same id. */
function isConnectionId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}
