import type { Problem } from '@action-mesh/tools';
import type { CompiledTool } from '@action-mesh/tools/compile';

/** A compiled definition: a tool, or the problem with it. */
export interface FoundDefinition {
  /** The place of the definition: `crm/update-contact.js#tool`. */
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

/** The places that define tools. */
export interface ToolSource {
  /** Everything in the source, always in the same order. Never rejects for a problem in a single file. */
  find(): Promise<DiscoveredTools>;
  /** A text that differs after every edit. It depends only on names, sizes and times. */
  fingerprint(): Promise<string>;
}
