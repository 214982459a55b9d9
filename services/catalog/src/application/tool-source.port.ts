import type { Problem } from '@action-mesh/tools';

/** A definition as its author wrote it; nothing is known about it yet. */
export interface FoundDefinition {
  /** Where it stands: `crm/update-contact.js#tool`. */
  readonly source: string;
  readonly definition: unknown;
}

/** A file or package that could not be read. */
export interface UnreadableSource {
  readonly source: string;
  readonly problems: readonly Problem[];
}

export interface FoundTools {
  readonly definitions: readonly FoundDefinition[];
  readonly unreadable: readonly UnreadableSource[];
}

/** Where tools are written down. */
export interface ToolSource {
  /**
   * Everything there is, in the same order every time. Never rejects for what is wrong with a single file.
   */
  find(): Promise<FoundTools>;
}
