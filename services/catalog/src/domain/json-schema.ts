import { canonicalize, type JsonValue } from '@action-mesh/kernel';

export type SchemaObject = Readonly<Record<string, unknown>>;

/** Whose schema it is: of those who write what it describes, or of those who read it. */
export type SchemaSide = 'input' | 'output';

export function jsonText(value: unknown): string {
  return canonicalize(value as JsonValue);
}
