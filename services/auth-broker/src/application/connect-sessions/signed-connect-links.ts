import { signConnectLink } from '@action-mesh/connections';
import { defined, type Clock } from '@action-mesh/kernel';

import type { ConnectLinks, WantedConnection } from '../connections/connect-links.port.js';

/** Links that hold the wanted connection, with a signature. Nothing is stored for them. */
export class SignedConnectLinks implements ConnectLinks {
  readonly #origin: string;
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  /** `key` is the purpose key `connect-link`. */
  constructor(origin: string, key: Uint8Array, clock: Clock) {
    this.#origin = origin;
    this.#key = key;
    this.#clock = clock;
  }

  urlOf({ tenantId, userId, integration, scopes, connectionId }: WantedConnection): string {
    const wanted = {
      tenant_id: tenantId,
      user_id: userId,
      integration,
      ...defined({ connection_id: connectionId }),
      ...(scopes === undefined || scopes.length === 0 ? {} : { scopes: [...scopes].sort() }),
    };
    return `${this.#origin}/connect/link/${signConnectLink(this.#key, wanted, this.#clock.now())}`;
  }
}
