import type { Principal } from '@action-mesh/identity';

/** A request for the internal API of the service for webhooks. */
export interface WebhooksRequest {
  readonly caller: Principal;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path segments below the internal API: `triggers/<name>/rotate-secret`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/** The answer of the service for webhooks, unchanged. */
export interface WebhooksAnswer {
  readonly status: number;
  /** Absent when the answer has no body. */
  readonly body?: unknown;
}

/**
 * Triggers and their deliveries, which the service for webhooks keeps. Doors never wait for it. Throws
 * `MeshUnavailableError` when the service cannot be reached.
 */
export interface WebhooksClient {
  ask(request: WebhooksRequest): Promise<WebhooksAnswer>;
}

export const WebhooksClient = Symbol('WebhooksClient');
