import type { RecordPublication } from '../domain/record-publication.js';

/** The values of a record that other services follow, on a compacted topic. */
export interface PublishedTopic<Value> {
  /** The published values by key, as far as this instance knows. */
  published(): Promise<ReadonlyMap<string, Value>>;
  /** The published values by key, complete up to this moment. Rejects when the broker does not answer. */
  refreshed(): Promise<ReadonlyMap<string, Value>>;
  /** Resolves after everything is published. After an error, a part may be published, and the call can be repeated. */
  apply(publication: RecordPublication<Value>): Promise<void>;
}
