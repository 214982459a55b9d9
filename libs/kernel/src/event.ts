import type { z } from 'zod';

/**
 * One kind of event, all of it: where it travels, what it is called, how it is keyed and what it holds. Nothing else
 * may name a topic or build a key.
 */
export interface EventDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly topic: string;
  /** CloudEvents `type`, without the version: `mesh.call.accepted`. */
  readonly type: string;
  /** Raised with a new file; a published version never changes. */
  readonly version: number;
  readonly description: string;
  /** The partition key. Records with equal keys stay in order. Never personal data. */
  readonly key: (data: z.infer<Schema>) => string;
  readonly schema: Schema;
}

/** What an event of this definition holds. */
export type EventData<Definition> =
  Definition extends EventDefinition<infer Schema> ? z.infer<Schema> : never;

export function defineEvent<Schema extends z.ZodType>(
  definition: EventDefinition<Schema>,
): EventDefinition<Schema> {
  return Object.freeze(definition);
}

/** The CloudEvents `type` attribute: name and version, `mesh.call.accepted.v1`. */
export function eventType(definition: Pick<EventDefinition, 'type' | 'version'>): string {
  return `${definition.type}.v${definition.version}`;
}
