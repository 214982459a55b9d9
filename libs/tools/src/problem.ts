import { jsonPointer } from '@action-mesh/kernel';

/** One thing that is wrong, and where. */
export interface Problem {
  /** RFC 6901 pointer; the empty text is the whole value. */
  readonly pointer: string;
  /**
   * A sentence without its subject: `must be a string`. Holds names from the schema, and never a value that
   * was sent.
   */
  readonly message: string;
}

/** An RFC 6901 pointer extended by one member name or index. */
export function memberPointer(parent: string, member: string | number): string {
  return parent + jsonPointer([member]);
}
