import type { InternalCaller } from '@action-mesh/contracts';
import type { ConnectionView } from '@action-mesh/contracts/auth-broker';

import { IdentityConflictError, UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { isKnownConnection } from '../../domain/connections/stored-connection.js';
import { requireScopes } from '../../domain/rights.js';
import type { ConnectionStore } from '../connections/connection-store.port.js';
import type { Disconnections } from '../connections/disconnections.port.js';
import type { ShowConnections } from './show-connections.js';

/** The parts that change connections. */
export interface ChangeConnectionsParts {
  readonly store: Pick<ConnectionStore, 'makeDefault'>;
  readonly show: ShowConnections;
  readonly disconnect: Pick<Disconnections, 'begin'>;
}

/** Changes the connections of the caller's tenant. */
export class ChangeConnections {
  readonly #parts: ChangeConnectionsParts;

  constructor(parts: ChangeConnectionsParts) {
    this.#parts = parts;
  }

  /**
   * Makes a connection the one for calls of its user that name none. Errors: `AUTH_BROKER_UNKNOWN`,
   * `AUTH_BROKER_CONFLICT` for a connection that is being disconnected, `AUTH_BROKER_MISSING_RIGHT`.
   */
  async makeDefault(caller: InternalCaller, id: string): Promise<ConnectionView> {
    requireScopes(caller, ['connections:write'], 'the choice of a connection');
    const { store, show } = this.#parts;
    const connection = await show.known(caller.tenantId, id);
    if (!isKnownConnection(connection))
      throw new IdentityConflictError('the connection is being disconnected; choose another one');
    if (!(await store.makeDefault(caller.tenantId, id))) throw new UnknownIdentityError('connection');
    return show.run({ ...caller, scopes: new Set([...caller.scopes, 'connections:read']) }, id);
  }

  /** Resolves when no call can use the connection. Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  async disconnect(caller: InternalCaller, id: string): Promise<void> {
    requireScopes(caller, ['connections:write'], 'the end of a connection');
    await this.#parts.show.known(caller.tenantId, id);
    await this.#parts.disconnect.begin(caller.tenantId, { id });
  }
}
