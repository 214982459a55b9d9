/** The answer of the catalog, as it came. */
export interface CatalogResponse {
  readonly status: number;
  /** Absent where there is no body. */
  readonly body?: unknown;
}

export interface CatalogRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the toolkits: `crm/stable`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** Toolkits and overrides, which the catalog keeps. Throws `MeshUnavailableError` when it cannot be asked. */
export interface CatalogClient {
  ask(question: CatalogRequest): Promise<CatalogResponse>;
}

export const CatalogClient = Symbol('CatalogClient');
