import type { PublishedEvent } from '@action-mesh/contracts/events';
import { eventType } from '@action-mesh/kernel';
import { z } from 'zod';

/** A JSON Schema, as data. */
export type EventJsonSchema = Readonly<Record<string, unknown>>;

/** A published record of an event. Every later version of the mesh must be able to read it. */
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
 * The data that a writer may put into an event. The dialect is Draft 7, AsyncAPI's default. Objects stay open if their
 * readers ignore unknown members.
 */
export function eventSchema({ definition }: PublishedEvent): EventJsonSchema {
  return z.toJSONSchema(definition.schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      // JSON Schema has no such format, so validators warn about it. The pattern beside it has the same meaning.
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
    },
  });
}
