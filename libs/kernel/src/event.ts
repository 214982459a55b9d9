import type { z } from 'zod';

/**
 * The complete definition of one event: topic, type, version, partition key and schema. No other code names a topic
 * or builds a key.
 */
export interface EventDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly topic: string;
  /** CloudEvents `type`, without the version: `mesh.call.accepted`. */
  readonly type: string;
  /** The version. A published version never changes: a new one gets a new file. */
  readonly version: number;
  readonly description: string;
  /** The partition key. Records with equal keys stay in order. It never holds personal data. */
  readonly key: (data: z.infer<Schema>) => string;
  readonly schema: Schema;
}

/** The data of an event of this definition. */
export type EventData<Definition> =
  Definition extends EventDefinition<infer Schema> ? z.infer<Schema> : never;

export function defineEvent<Schema extends z.ZodType>(
  definition: EventDefinition<Schema>,
): EventDefinition<Schema> {
  return Object.freeze(definition);
}

/** The CloudEvents `type` attribute: name and version, for example `mesh.call.accepted.v1`. */
export function eventType(definition: Pick<EventDefinition, 'type' | 'version'>): string {
  return `${definition.type}.v${definition.version}`;
}
