import type { Principal } from '@action-mesh/identity';

/** The answer of the catalog, unchanged. */
export interface CatalogResponse {
  readonly status: number;
  /** Absent when the answer has no body. */
  readonly body?: unknown;
}

export interface CatalogRequest {
  readonly caller: Principal;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path segments below the toolkits: `crm/stable`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** A value becomes JSON. Bytes are JSON already and go unchanged. */
  readonly body?: unknown;
}

/**
 * Toolkits and overrides, which the catalog keeps. Throws `MeshUnavailableError` when the catalog cannot be reached.
 */
export interface CatalogClient {
  ask(question: CatalogRequest): Promise<CatalogResponse>;
}

export const CatalogClient = Symbol('CatalogClient');
