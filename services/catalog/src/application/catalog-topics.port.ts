import type { Tool, Toolkit } from '@action-mesh/contracts/catalog';

/** The published tools and toolkits, by record key. */
export interface PublishedCatalog {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly toolkits: ReadonlyMap<string, Toolkit>;
}

/** The content to publish, and the record keys to withdraw. */
export interface CatalogTopicsChange {
  readonly tools: readonly Tool[];
  readonly toolkits: readonly Toolkit[];
  readonly withdrawnTools: readonly string[];
  readonly withdrawnToolkits: readonly string[];
}

/** The published tools and toolkits, which all other services read. */
export interface CatalogTopics {
  /**
   * Makes `published` complete up to now, with the records of all publishers. Rejects if the broker does not answer.
   */
  refresh(): Promise<void>;
  /** The known published records. They include at least all records from before this process started. */
  published(): Promise<PublishedCatalog>;
  /**
   * Publishes tools before the toolkits that hold them, and withdraws toolkits before their tools. After an error, a
   * part may be done, and the same change can be repeated.
   */
  apply(change: CatalogTopicsChange): Promise<void>;
}

export const CatalogTopics = Symbol('CatalogTopics');
