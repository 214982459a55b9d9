import type { Principal } from '@action-mesh/identity';

/** The answer of the auth broker, unchanged. */
export interface AuthBrokerAnswer {
  readonly status: number;
  /** Absent when the answer has no body. */
  readonly body?: unknown;
}

export interface AuthBrokerRequest {
  readonly caller: Principal;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path segments below the internal API: `keys/<id>/rotate`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/**
 * Tenants, keys, kill switches, integrations and connections, which the auth broker keeps. Calls never use it. Throws `MeshUnavailableError` when
 * the broker cannot be reached.
 */
export interface AuthBrokerClient {
  ask(request: AuthBrokerRequest): Promise<AuthBrokerAnswer>;
}

export const AuthBrokerClient = Symbol('AuthBrokerClient');
