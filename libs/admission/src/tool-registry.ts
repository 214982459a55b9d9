import type { Tool, Toolkit } from '@action-mesh/contracts/catalog';
import {
  ArgumentValidator,
  compareVersions,
  latestVersion,
  majorVersion,
  nearestMatch,
  parseVersion,
} from '@action-mesh/tools';

import { CallRefusedError } from './admission.errors.js';
import { ToolkitRegistry } from './toolkit-registry.js';
import { versionRefusal, type PinnableVersions } from './version-refusal.js';

/** One version of a tool, with the values that admission derives from it once. */
export interface RegisteredTool {
  readonly tool: Tool;
  readonly majorVersion: number;
  readonly validator: ArgumentValidator;
}

/** Selects tools. For a caller with a filter, all other tools do not exist. */
export interface ToolFilter {
  allows(tool: { readonly slug: string; readonly toolkit?: string | undefined }): boolean;
}

interface Versions {
  readonly slug: string;
  readonly byVersion: Map<string, RegisteredTool>;
  /** The toolkit of the version that arrived last. */
  toolkit: string;
  /** The newest version that is no pre-release. Undefined while there are only pre-releases. */
  newest: RegisteredTool | undefined;
}

/** Tools by their former names. */
interface FormerNames {
  readonly revision: number;
  /** Former names in the versions that callers get without a pinned version. */
  readonly inForce: ReadonlyMap<string, ReadonlySet<Versions>>;
  /** Former names in the newest versions of all other tools. */
  readonly elsewhere: ReadonlyMap<string, ReadonlySet<Versions>>;
}

/**
 * The published tools, found by name without a search.
 *
 * - T1: a call without a pinned version gets the version in the channel `stable` of its toolkit. Without such a toolkit
 *   it gets the newest version that is no pre-release. A call can also name a version of the tool, the date of a
 *   toolkit, or a channel.
 * - T2: a former name finds the tool that lists it in its version by T1. If there is none, it finds a tool outside
 *   `stable` that lists it in its newest version. It finds none if an available tool has that name now, or if two tools
 *   claim it. The call uses the present name, so both names give the same call.
 */
export class ToolRegistry {
  readonly #tools = new Map<string, Versions>();
  readonly #toolkits = new ToolkitRegistry();
  #revision = 0;
  #formerNames: FormerNames | undefined;

  /** Increases with every change. */
  get revision(): number {
    return this.#revision;
  }

  put(tool: Tool): void {
    this.#revision += 1;
    // A version that cannot be parsed cannot be hashed and therefore cannot be called.
    if (parseVersion(tool.version) === undefined) return;
    const versions = this.#tools.get(tool.slug) ?? {
      slug: tool.slug,
      byVersion: new Map<string, RegisteredTool>(),
      toolkit: tool.toolkit,
      newest: undefined,
    };
    versions.byVersion.set(tool.version, {
      tool,
      majorVersion: majorVersion(tool.version),
      validator: new ArgumentValidator(tool),
    });
    versions.toolkit = tool.toolkit;
    this.#tools.set(tool.slug, versions);
    chooseNewest(versions);
    this.#toolkits.toolArrived(tool.toolkit, `${tool.slug}@${tool.version}`);
  }

  /** Removes a version; `key` is the key of its event, `slug@version`. */
  remove(key: string): void {
    this.#revision += 1;
    const at = key.indexOf('@');
    const slug = key.slice(0, at);
    const versions = this.#tools.get(slug);
    if (versions === undefined) return;
    const version = key.slice(at + 1);
    versions.byVersion.delete(version);
    if (versions.byVersion.size === 0) this.#tools.delete(slug);
    chooseNewest(versions);
    this.#toolkits.toolWithdrawn(versions.toolkit, slug, version);
  }

  putToolkit(toolkit: Toolkit): void {
    this.#revision += 1;
    this.#toolkits.put(toolkit, (key) => {
      const at = key.indexOf('@');
      return this.#tools.get(key.slice(0, at))?.byVersion.has(key.slice(at + 1)) === true;
    });
  }

  /** Removes a toolkit; `key` is the key of its event, `toolkit@date`. */
  removeToolkit(key: string): void {
    this.#revision += 1;
    this.#toolkits.remove(key);
  }

  /** The dated versions of a toolkit, newest first. Empty: the toolkit is unknown. */
  toolkitVersions(name: string): readonly Toolkit[] {
    return this.#toolkits.versions(name);
  }

  /**
   * The version that a selector names: one of the tool's own, the one in the toolkit of a date, or the one in a
   * channel. Without a selector it is the one in `stable`. Throws {@link CallRefusedError} if there is none, and for a
   * tool that the filter leaves out. The refusal names no such tool.
   */
  find(slug: string, selector?: string, filter?: ToolFilter): RegisteredTool {
    const found = this.findIfAny(slug, selector);
    if (found !== undefined && filter?.allows(found.tool) !== false) return found;
    const known = found === undefined ? (this.#tools.get(slug) ?? this.#formerly(slug)) : undefined;
    if (known !== undefined && filter?.allows(known) !== false)
      throw versionRefusal(selector, this.#pinnable(known));
    const meant = this.#nearest(slug, filter);
    throw new CallRefusedError(
      'tool_not_found',
      'There is no tool of this name.',
      meant === undefined
        ? 'Look for the name in GET /v1/tools.'
        : `Did you mean "${meant}"? GET /v1/tools lists all names.`,
      [{ pointer: '/tool/slug', message: 'names no published tool' }],
    );
  }

  /** The version that a selector names, or `undefined` if there is none. {@link find} throws instead. */
  findIfAny(slug: string, selector?: string): RegisteredTool | undefined {
    const versions = this.#tools.get(slug);
    const found = versions === undefined ? undefined : this.#select(versions, selector);
    if (found !== undefined) return found;
    // Older versions may still have this name, although the present toolkit no longer holds them.
    const renamed = this.#formerly(slug);
    return renamed === undefined ? undefined : this.#select(renamed, selector);
  }

  /** The versions of a tool, newest first. Empty: the tool is unknown. */
  versions(slug: string): readonly string[] {
    const parsed = [...(this.#tools.get(slug)?.byVersion.keys() ?? [])].flatMap((text) => {
      const version = parseVersion(text);
      return version === undefined ? [] : [{ text, version }];
    });
    return parsed.sort((left, right) => compareVersions(right.version, left.version)).map(({ text }) => text);
  }

  /** The version of every tool that a call without a pinned version gets, in the order of the names. */
  stableOfEach(): readonly Tool[] {
    return [...this.#tools.values()]
      .flatMap((versions) => this.#select(versions, undefined)?.tool ?? [])
      .sort((left, right) => (left.slug < right.slug ? -1 : 1));
  }

  #select(versions: Versions, selector: string | undefined): RegisteredTool | undefined {
    const { slug, toolkit: name, byVersion, newest } = versions;
    const inToolkit = (toolkit: Toolkit | undefined): RegisteredTool | undefined =>
      byVersion.get(toolkit?.tools[slug] ?? '');
    if (selector === undefined || selector === 'stable') {
      const stable = this.#toolkits.channel(name, 'stable');
      return stable === undefined ? newest : inToolkit(stable);
    }
    if (selector === 'latest') return inToolkit(this.#toolkits.channel(name, 'latest'));
    return byVersion.get(selector) ?? inToolkit(this.#toolkits.find(name, selector));
  }

  #pinnable(known: Versions): PinnableVersions {
    const { slug, toolkit, byVersion } = known;
    return {
      versions: this.versions(slug),
      dates: this.#toolkits
        .versions(toolkit)
        .filter(({ tools }) => byVersion.has(tools[slug] ?? ''))
        .map(({ version }) => version),
      stable: this.#toolkits.channel(toolkit, 'stable'),
      isInStable: this.#select(known, undefined) !== undefined,
    };
  }

  /** The nearest name that is callable without a pinned version. */
  #nearest(slug: string, filter: ToolFilter | undefined): string | undefined {
    const names = [...this.#tools.values()].flatMap((versions) =>
      this.#select(versions, undefined) === undefined || filter?.allows(versions) === false
        ? []
        : versions.slug,
    );
    return nearestMatch(slug, names);
  }

  #formerly(name: string): Versions | undefined {
    if (this.#formerNames?.revision !== this.#revision) this.#formerNames = this.#readFormerNames();
    const { inForce, elsewhere } = this.#formerNames;
    const [versions, ...others] = inForce.get(name) ?? elsewhere.get(name) ?? [];
    return others.length > 0 ? undefined : versions;
  }

  #readFormerNames(): FormerNames {
    const inForce = new Map<string, Set<Versions>>();
    const elsewhere = new Map<string, Set<Versions>>();
    for (const versions of this.#tools.values()) {
      const wanted = this.#select(versions, undefined);
      const names = wanted === undefined ? elsewhere : inForce;
      for (const alias of (wanted ?? versions.newest)?.tool.aliases ?? [])
        names.set(alias, (names.get(alias) ?? new Set()).add(versions));
    }
    return { revision: this.#revision, inForce, elsewhere };
  }
}

function chooseNewest(versions: Versions): void {
  const newest = latestVersion(versions.byVersion.keys());
  versions.newest = newest === undefined ? undefined : versions.byVersion.get(newest);
}
