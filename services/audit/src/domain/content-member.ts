import type { AuditEntry } from '@action-mesh/contracts/audit';
import { jsonAt, JsonText } from '@action-mesh/kernel';

/** A member of the content in its exact text. */
export function exactIn(entry: AuditEntry | undefined, pointer: string): JsonText | undefined {
  const content: unknown = entry?.content;
  const text = content instanceof JsonText ? jsonAt(content.text, pointer) : undefined;
  return text === undefined ? undefined : new JsonText(text);
}

/** A member of the content as a value. */
export function valueIn(entry: AuditEntry | undefined, pointer: string): unknown {
  const exact = exactIn(entry, pointer);
  return exact === undefined ? undefined : JSON.parse(exact.text);
}

/** A text in the content. */
export function textIn(entry: AuditEntry | undefined, pointer: string): string | undefined {
  const value = valueIn(entry, pointer);
  return typeof value === 'string' ? value : undefined;
}
