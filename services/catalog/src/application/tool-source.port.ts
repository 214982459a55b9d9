import type { Problem } from '@action-mesh/tools';
import type { CompiledTool } from '@action-mesh/tools/compile';

/** A compiled definition: a tool, or the problem with it. */
export interface FoundDefinition {
  /** Where it stands: `crm/update-contact.js#tool`. */
  readonly source: string;
  readonly compiled: CompiledTool;
}

/** A file or package that could not be read. */
export interface UnreadableSource {
  readonly source: string;
  readonly problems: readonly Problem[];
}

export interface DiscoveredTools {
  readonly definitions: readonly FoundDefinition[];
  readonly unreadable: readonly UnreadableSource[];
  /** The sources of the definitions in each folder or package. */
  readonly locations: readonly { readonly location: string; readonly sources: readonly string[] }[];
}

/** Where tools are written down. */
export interface ToolSource {
  /**
   * Everything there is, in the same order every time. Never rejects for what is wrong with a single file.
   */
  find(): Promise<DiscoveredTools>;
  /** Another text after every edit, at the price of looking at names, sizes and times. */
  fingerprint(): Promise<string>;
}
