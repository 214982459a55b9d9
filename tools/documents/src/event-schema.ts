import type { PublishedEvent } from '@action-mesh/contracts/events';
import { eventType } from '@action-mesh/kernel';
import { z } from 'zod';

/** A JSON Schema, as data. */
export type EventJsonSchema = Readonly<Record<string, unknown>>;

/** A record of an event as it was published: what every later version of the mesh must be able to read. */
export interface RecordedEvent {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** `mesh.call.accepted.v1`: the name of an event's message, schema and files. */
export function messageName({ definition }: PublishedEvent): string {
  return eventType(definition);
}

/**
 * What a writer may put into an event. Draft 7, the dialect that AsyncAPI takes without being told. Objects stay open
 * where readers ignore what they do not know.
 */
export function eventSchema({ definition }: PublishedEvent): EventJsonSchema {
  return z.toJSONSchema(definition.schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      // No format of JSON Schema, so validators warn of it; the pattern beside it says the same.
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
    },
  });
}
