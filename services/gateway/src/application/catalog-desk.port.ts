/** The answer of the catalog, as it came. */
export interface CatalogAnswer {
  readonly status: number;
  /** Absent where there is no body. */
  readonly body?: unknown;
}

export interface CatalogQuestion {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the toolkits: `crm/stable`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** Toolkits and overrides, which the catalog keeps. Throws `MeshUnavailableError` when it cannot be asked. */
export interface CatalogDesk {
  ask(question: CatalogQuestion): Promise<CatalogAnswer>;
}

export const CatalogDesk = Symbol('CatalogDesk');
