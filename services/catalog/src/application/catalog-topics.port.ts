import type { Tool, Toolkit } from '@action-mesh/contracts/catalog';

/** What is published, by record key. */
export interface PublishedCatalog {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly toolkits: ReadonlyMap<string, Toolkit>;
}

/** What is to be published, and the record keys of what is to be withdrawn. */
export interface CatalogTopicsChange {
  readonly tools: readonly Tool[];
  readonly toolkits: readonly Toolkit[];
  readonly withdrawnTools: readonly string[];
  readonly withdrawnToolkits: readonly string[];
}

/** The published tools and toolkits, which everybody else reads. */
export interface CatalogTopics {
  /** Makes `published` complete up to now, whoever published it. Rejects when the broker does not answer. */
  refresh(): Promise<void>;
  /** What is known to be published; at least what was before this process started. */
  published(): Promise<PublishedCatalog>;
  /**
   * Publishes tools before the toolkits that hold them, and withdraws toolkits before their tools. On an error a part may be
   * done, and the same change can be made again.
   */
  apply(change: CatalogTopicsChange): Promise<void>;
}

export const CatalogTopics = Symbol('CatalogTopics');
