import type { ImportSource, Tool } from '@action-mesh/contracts/catalog';

import type { OverrideBase } from '../domain/override-merge.js';
import type { OverridePatch } from '../domain/override-patch.js';
import type { Release } from '../domain/release-plan.js';
import type { UnversionedTool } from '../domain/tool-change.js';

export type ToolkitOrigin = 'code' | 'import';

/** A patch of a tool, with its state. */
export interface StoredOverride {
  /** The imported name of the tool. */
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

/** The whole record of one toolkit. */
export interface StoredToolkit {
  readonly name: string;
  readonly origin: ToolkitOrigin;
  /** The deployment that owns a toolkit of code. */
  readonly owner?: string;
  readonly revision: number;
  readonly stable?: string;
  readonly source?: ImportSource;
  /** Newest first, without the retired ones. */
  readonly releases: readonly Release[];
  /** Every date that was ever used. */
  readonly dates: readonly string[];
  /** Every version that ever existed, as keys. */
  readonly keys: readonly string[];
  /** The newest version of every tool that was ever in the toolkit, withdrawn or not. */
  readonly tools: readonly Tool[];
  /** Keys of the withdrawn versions among `tools`. */
  readonly withdrawn: ReadonlySet<string>;
  readonly imported: readonly UnversionedTool[];
  readonly overrides: readonly StoredOverride[];
}

/** A toolkit without its tools. */
export interface ToolkitSummary extends Pick<StoredToolkit, 'name' | 'origin' | 'stable' | 'source'> {
  /** Dates, newest first, without the retired ones. */
  readonly versions: readonly string[];
  /** The number of tools in the newest date. */
  readonly tools: number;
  /** The tokens that these tools take in a prompt. */
  readonly tokenCost: number;
  /** The number of overrides that wait for a review. */
  readonly proposed: number;
}

/** A change of a toolkit, written all or nothing. Absent parts stay unchanged. */
export interface ToolkitChange {
  readonly name: string;
  readonly origin: ToolkitOrigin;
  /** The deployment that owns a new toolkit of code. */
  readonly owner?: string;
  /** The revision that was read; 0 for a new toolkit. */
  readonly revision: number;
  readonly newTools?: readonly Tool[];
  /** Versions whose content is replaced. Only development may do so. */
  readonly replacedTools?: readonly Tool[];
  /** Keys of versions to withdraw. */
  readonly withdraw?: readonly string[];
  /** Keys of withdrawn versions that are defined again. */
  readonly restore?: readonly string[];
  readonly release?: Release;
  /** Dates to retire. */
  readonly retire?: readonly string[];
  readonly stable?: string;
  readonly source?: ImportSource;
  readonly imported?: readonly UnversionedTool[];
  /** New overrides, and those whose state changed. */
  readonly overrides?: readonly StoredOverride[];
}

/** A revision of each toolkit. The reader knows the record up to it. */
export type ToolkitRevisions = ReadonlyMap<string, number>;

/** The content that the topics should have, restricted to writes after the given revisions. */
export interface StoredPublication {
  /** The revisions that this publication covers. */
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
  /** The existing ones of these versions, by their keys. */
  tools(keys: readonly string[]): Promise<readonly Tool[]>;
  /** All toolkits by name, or with `name` that one alone. */
  summaries(name?: string): Promise<readonly ToolkitSummary[]>;
  /** The owning toolkit of each of these names. Names without one are absent. */
  owners(slugs: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Rejects with `ToolkitChangedError` if the toolkit has changed since the read revision, and with
   * `ToolNameTakenError`.
   */
  commit(change: ToolkitChange): Promise<void>;
  /**
   * The content to publish. Toolkits absent from `since` come whole. Of the others, it has the later writes, and every
   * release of a changed toolkit.
   */
  publication(since: ToolkitRevisions): Promise<StoredPublication>;
}
