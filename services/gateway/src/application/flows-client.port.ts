import type { Principal } from '@action-mesh/identity';

/** A request for the internal API of the service for flows. */
export interface FlowsRequest {
  readonly caller: Principal;
  readonly method: 'GET' | 'POST';
  /** Path segments below the internal API: `runs/<id>/resume`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/** The answer of the service for flows, unchanged. */
export interface FlowsAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Flows and their runs. Throws `MeshUnavailableError` when the service for flows cannot be reached. */
export interface FlowsClient {
  ask(request: FlowsRequest): Promise<FlowsAnswer>;
}

export const FlowsClient = Symbol('FlowsClient');
