import type { Tool } from '@action-mesh/contracts/catalog';
import {
  ArgumentValidator,
  compareVersions,
  latestVersion,
  majorVersion,
  parseVersion,
} from '@action-mesh/tools';

import { CallRefusedError } from './admission.errors.js';

/** One version of a tool with what the door needs of it, made once. */
export interface ShelvedTool {
  readonly tool: Tool;
  readonly majorVersion: number;
  readonly validator: ArgumentValidator;
}

interface Versions {
  readonly byVersion: Map<string, ShelvedTool>;
  /** What a caller gets who pins no version; absent while there are only pre-releases. */
  newest: ShelvedTool | undefined;
  /** What the newest says that it was called before. */
  aliases: readonly string[];
}

/**
 * The published tools, found by name without a search.
 *
 * - T1: who pins no version gets the newest stable one; a pre-release is only for who names it.
 * - T2: a former name finds the tool whose newest version says so; not where a tool has that name now, or where two tools
 *   claim it. The call is one of the tool under its present name, so that both names give the same call.
 */
export class ToolShelf {
  readonly #tools = new Map<string, Versions>();
  /** Tools by a former name. */
  readonly #renamed = new Map<string, Set<string>>();

  put(tool: Tool): void {
    // A version that cannot be counted cannot be hashed, and so cannot be called.
    if (parseVersion(tool.version) === undefined) return;
    const versions = this.#tools.get(tool.slug) ?? {
      byVersion: new Map<string, ShelvedTool>(),
      newest: undefined,
      aliases: [],
    };
    versions.byVersion.set(tool.version, {
      tool,
      majorVersion: majorVersion(tool.version),
      validator: new ArgumentValidator(tool),
    });
    this.#tools.set(tool.slug, versions);
    this.#chooseNewest(tool.slug, versions);
  }

  /** Takes a version off the shelf; `key` is the key of its event, `slug@version`. */
  remove(key: string): void {
    const at = key.indexOf('@');
    const slug = key.slice(0, at);
    const versions = this.#tools.get(slug);
    if (versions === undefined) return;
    versions.byVersion.delete(key.slice(at + 1));
    if (versions.byVersion.size === 0) this.#tools.delete(slug);
    this.#chooseNewest(slug, versions);
  }

  /** The pinned version, or the newest stable one. Throws {@link CallRefusedError} where there is none. */
  find(slug: string, version?: string): ShelvedTool {
    const versions = this.#tools.get(slug) ?? this.#formerly(slug);
    if (versions === undefined) {
      throw new CallRefusedError(
        'tool_not_found',
        'There is no tool of this name.',
        'Look for the name in GET /v1/tools.',
        [{ pointer: '/tool/slug', message: 'names no published tool' }],
      );
    }
    const found = version === undefined ? versions.newest : versions.byVersion.get(version);
    if (found !== undefined) return found;
    throw new CallRefusedError(
      'tool_version_not_found',
      version === undefined ? 'The tool has only pre-releases.' : 'The tool has no such version.',
      'Pin one of the versions that GET /v1/tools/{slug} lists.',
      [{ pointer: '/tool/version', message: 'names no published version' }],
    );
  }

  /** The versions of a tool, newest first; none where there is no such tool. */
  versions(slug: string): readonly string[] {
    const parsed = [...(this.#tools.get(slug)?.byVersion.keys() ?? [])].flatMap((text) => {
      const version = parseVersion(text);
      return version === undefined ? [] : [{ text, version }];
    });
    return parsed.sort((left, right) => compareVersions(right.version, left.version)).map(({ text }) => text);
  }

  /** What a caller gets who pins nothing, of every tool, in the order of the names. */
  newestOfEach(): readonly Tool[] {
    return [...this.#tools.values()]
      .flatMap(({ newest }) => (newest === undefined ? [] : [newest.tool]))
      .sort((left, right) => (left.slug < right.slug ? -1 : 1));
  }

  #formerly(name: string): Versions | undefined {
    const [slug, ...others] = this.#renamed.get(name) ?? [];
    return slug === undefined || others.length > 0 ? undefined : this.#tools.get(slug);
  }

  #chooseNewest(slug: string, versions: Versions): void {
    const newest = latestVersion(versions.byVersion.keys());
    versions.newest = newest === undefined ? undefined : versions.byVersion.get(newest);
    for (const alias of versions.aliases) {
      const claimants = this.#renamed.get(alias);
      claimants?.delete(slug);
      if (claimants?.size === 0) this.#renamed.delete(alias);
    }
    versions.aliases = versions.newest?.tool.aliases ?? [];
    for (const alias of versions.aliases) {
      this.#renamed.set(alias, (this.#renamed.get(alias) ?? new Set()).add(slug));
    }
  }
}
