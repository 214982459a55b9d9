import type { ImportSource, Tool } from '@action-mesh/contracts/catalog';

import type { OverrideBase } from '../domain/override-merge.js';
import type { OverridePatch } from '../domain/override-patch.js';
import type { Release } from '../domain/release-plan.js';
import type { UnversionedTool } from '../domain/tool-change.js';

export type ToolkitOrigin = 'code' | 'import';

/** A patch of a tool and what became of it. */
export interface StoredOverride {
  /** The name of the tool as the import gave it. */
  readonly slug: string;
  /** Counts the patches of one tool. */
  readonly revision: number;
  readonly state: 'proposed' | 'approved' | 'rejected' | 'superseded';
  readonly patch: OverridePatch;
  readonly base: OverrideBase;
  readonly author: string;
  readonly note?: string;
  readonly reviewer?: string;
}

/** Everything that is written down about one toolkit. */
export interface StoredToolkit {
  readonly name: string;
  readonly origin: ToolkitOrigin;
  /** The deployment that a toolkit of code belongs to. */
  readonly owner?: string;
  readonly revision: number;
  readonly stable?: string;
  readonly source?: ImportSource;
  /** Newest first; those that are retired are left out. */
  readonly releases: readonly Release[];
  /** Every date that was ever used. */
  readonly dates: readonly string[];
  /** Every version that ever was, as keys. */
  readonly keys: readonly string[];
  /** The newest version of every tool that ever was in it, in or out of use. */
  readonly tools: readonly Tool[];
  /** Keys of those among them that are withdrawn. */
  readonly withdrawn: ReadonlySet<string>;
  readonly imported: readonly UnversionedTool[];
  readonly overrides: readonly StoredOverride[];
}

/** A toolkit without its tools. */
export interface ToolkitSummary extends Pick<StoredToolkit, 'name' | 'origin' | 'stable' | 'source'> {
  /** Dates, newest first; those that are retired are left out. */
  readonly versions: readonly string[];
  /** In the newest date. */
  readonly tools: number;
  /** Tokens that those take in a prompt. */
  readonly tokenCost: number;
  /** Overrides that wait for a review. */
  readonly proposed: number;
}

/** What is to be written about a toolkit, all or nothing. What is absent stays as it is. */
export interface ToolkitChange {
  readonly name: string;
  readonly origin: ToolkitOrigin;
  /** The deployment that a new toolkit of code belongs to. */
  readonly owner?: string;
  /** The revision that was read; 0 for a toolkit that there was not. */
  readonly revision: number;
  readonly newTools?: readonly Tool[];
  /** Versions whose content is replaced, which development alone may do. */
  readonly replacedTools?: readonly Tool[];
  /** Keys. */
  readonly withdraw?: readonly string[];
  /** Keys of withdrawn versions that are defined again. */
  readonly restore?: readonly string[];
  readonly release?: Release;
  /** Dates. */
  readonly retire?: readonly string[];
  readonly stable?: string;
  readonly source?: ImportSource;
  readonly imported?: readonly UnversionedTool[];
  /** New ones, and those whose state changed. */
  readonly overrides?: readonly StoredOverride[];
}

/** The revision of each toolkit up to which something is known. */
export type ToolkitRevisions = ReadonlyMap<string, number>;

/** What should be on the topics, as far as it was written after the revisions that were asked about. */
export interface StoredPublication {
  /** How far this goes. */
  readonly revisions: ToolkitRevisions;
  /** The deployment of each toolkit of code. */
  readonly owners: ReadonlyMap<string, string>;
  readonly tools: readonly Tool[];
  /** Keys of tool versions. */
  readonly withdrawn: readonly string[];
  readonly toolkits: readonly (Release & {
    readonly toolkit: string;
    readonly stable: boolean;
    readonly newest: boolean;
  })[];
  /** Keys of toolkits: `toolkit@date`. */
  readonly retired: readonly string[];
}

/** The record of all tools. */
export interface CatalogStore {
  names(): Promise<readonly string[]>;
  find(name: string): Promise<StoredToolkit | undefined>;
  /** Those of these versions that there are; by their keys. */
  tools(keys: readonly string[]): Promise<readonly Tool[]>;
  /** By name; `name`: that one alone. */
  summaries(name?: string): Promise<readonly ToolkitSummary[]>;
  /** The toolkit of each of these names that has one. */
  owners(slugs: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Rejects with `ToolkitChangedError` when another has changed the toolkit since, and `ToolNameTakenError`. */
  commit(change: ToolkitChange): Promise<void>;
  /** Toolkits that `since` does not know are there whole, and of the others every release whose toolkit changed. */
  publication(since: ToolkitRevisions): Promise<StoredPublication>;
}
