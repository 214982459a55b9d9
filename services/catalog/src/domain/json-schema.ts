import { canonicalize, type JsonValue } from '@action-mesh/kernel';

export type SchemaObject = Readonly<Record<string, unknown>>;

/** The users of a schema's values: `input` for those who write them, `output` for those who read them. */
export type SchemaSide = 'input' | 'output';

export function jsonText(value: unknown): string {
  return canonicalize(value as JsonValue);
}
