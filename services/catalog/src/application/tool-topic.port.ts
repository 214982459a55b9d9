import type { Tool } from '@action-mesh/contracts/catalog';

/** The published tools, which everybody else reads. */
export interface ToolTopic {
  /** What is published, by record key; complete up to the moment of the call's first use. */
  published(): Promise<ReadonlyMap<string, Tool>>;
  /**
   * Resolves when everything is published; on an error, a part of it may be, and the same change can be made
   * again.
   */
  apply(change: ToolTopicChange): Promise<void>;
}

export interface ToolTopicChange {
  readonly publish: readonly Tool[];
  /** Record keys. */
  readonly withdraw: readonly string[];
}

export const ToolTopic = Symbol('ToolTopic');
