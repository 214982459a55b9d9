import type {
  ConnectCallbackRequest,
  ConnectPageRequest,
  ConnectReply,
} from '@action-mesh/contracts/auth-broker';
import type { Principal } from '@action-mesh/identity';

import type { AuthBrokerAnswer } from './auth-broker-client.port.js';

/** A request for connect sessions, for an authenticated caller. */
export interface ConnectSessionRequestOf {
  readonly caller: Principal;
  readonly method: 'GET' | 'POST';
  /** Path segments below `connect-sessions`. */
  readonly path: readonly string[];
  readonly body?: unknown;
  /** Seconds to wait for a change. */
  readonly waitS?: number;
}

/** The part of a connect page that a browser asks for. */
export type ConnectPageAsk =
  | {
      readonly page: 'session/show' | 'session/submit' | 'link/show' | 'link/submit';
      readonly request: ConnectPageRequest;
    }
  | { readonly page: 'callback'; readonly request: ConnectCallbackRequest };

/** The connect flow, which the auth broker keeps. Throws `MeshUnavailableError` when the broker cannot be reached. */
export interface ConnectBroker {
  session(request: ConnectSessionRequestOf): Promise<AuthBrokerAnswer>;
  page(ask: ConnectPageAsk): Promise<ConnectReply>;
}

export const ConnectBroker = Symbol('ConnectBroker');
