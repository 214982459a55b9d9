import { jsonPointer } from '@action-mesh/kernel';

/** One problem and its place. */
export interface Problem {
  /** RFC 6901 pointer. The empty text is the whole value. */
  readonly pointer: string;
  /**
   * A sentence without its subject: `must be a string`. It contains names from the schema, and never a value from a
   * caller.
   */
  readonly message: string;
}

/** Extends an RFC 6901 pointer by one member name or index. */
export function memberPointer(parent: string, member: string | number): string {
  return parent + jsonPointer([member]);
}
