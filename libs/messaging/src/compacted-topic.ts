import type { EventData, EventDefinition } from '@action-mesh/kernel';
import type { KafkaClientOptions } from './client-options.js';
import type { EventSchema } from './codec.js';

export interface CompactedTopicOptions<Schema extends EventSchema> {
  readonly client: KafkaClientOptions;
  readonly definition: EventDefinition<Schema>;
  /** Told of records that cannot be decoded; they are left out of the view. */
  readonly onUndecodable?: (error: Error) => void;
}

/** `data` is absent where the key was deleted. */
export type CompactedTopicListener<Data> = (key: string, data: Data | undefined) => void;

export class CompactedTopic<Schema extends EventSchema> {
  readonly ready: Promise<void> = Promise.resolve();
  constructor(readonly options: CompactedTopicOptions<Schema>) {}
  get(_key: string): EventData<EventDefinition<Schema>> | undefined {
    return undefined;
  }
  values(): IterableIterator<EventData<EventDefinition<Schema>>> {
    return new Map<string, EventData<EventDefinition<Schema>>>().values();
  }
  /** Calls the listener on each change after now; returns the function that stops it. */
  onChange(_listener: CompactedTopicListener<EventData<EventDefinition<Schema>>>): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {}
}
