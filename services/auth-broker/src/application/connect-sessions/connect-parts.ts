import type { Clock } from '@action-mesh/kernel';

import type { PublicAddress } from '../../domain/connect-sessions/public-address.js';
import type { Integrations } from '../connections/integrations.port.js';
import type { OAuthClient } from '../connections/oauth-client.port.js';
import type { SaveConnection } from '../connections/save-connection.port.js';
import type { Vault } from '../connections/vault.port.js';
import type { ConnectSessionStore } from './connect-session-store.port.js';
import type { ConnectWatch } from './connect-watch.port.js';
import type { ConnectionLookup } from './connection-lookup.port.js';

/** Everything that the connect flow works with. */
export interface ConnectParts {
  readonly sessions: ConnectSessionStore;
  readonly connections: ConnectionLookup;
  readonly integrations: Integrations;
  readonly oauth: OAuthClient;
  readonly vault: Vault;
  readonly saveConnection: SaveConnection;
  readonly watch: ConnectWatch;
  readonly address: PublicAddress;
  /** The purpose key `connect-token`. */
  readonly tokenKey: Uint8Array;
  /** The purpose key `connect-link`. */
  readonly linkKey: Uint8Array;
  readonly clock: Clock;
}
