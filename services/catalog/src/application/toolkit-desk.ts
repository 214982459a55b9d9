import type { Tool } from '@action-mesh/contracts/catalog';

import { CatalogRefusedError, NotInCatalogError } from '../domain/catalog.errors.js';
import { worstOf, type Change, type ChangeKind } from '../domain/change.js';
import type { Release } from '../domain/release-plan.js';
import { compareTools } from '../domain/tool-change.js';
import { keysOf, toolKey } from '../domain/tool-key.js';
import type {
  CatalogStore,
  ImportSource,
  StoredToolkit,
  ToolkitOrigin,
  ToolkitSummary,
} from './catalog-store.port.js';
import type { PublishCatalog } from './publish-catalog.js';
import { storedToolkit } from './stored-toolkit.js';
import type { ToolkitChanges } from './toolkit-changes.js';

/** A toolkit as its team sees it. */
export interface ToolkitView {
  readonly toolkit: string;
  readonly origin: ToolkitOrigin;
  readonly stable: string | null;
  readonly latest: string | null;
  readonly tools: number;
  /** Tokens that all tools of the newest date take in a prompt. */
  readonly token_cost: number;
  readonly source?: ImportSource;
  /** Dates, newest first. */
  readonly versions: readonly string[];
  /** Overrides that wait for a review. */
  readonly proposed: number;
}

/** A toolkit after a change of its own. */
export interface ChangedToolkit extends ToolkitView {
  /** Whether everybody can know of it by now; if not, it is tried again. */
  readonly published: boolean;
}

/** How one tool differs between two dates. */
export interface ToolkitDifference {
  readonly slug: string;
  readonly was: string | null;
  readonly is: string | null;
  readonly kind: ChangeKind;
  readonly changes: readonly Change[];
}

/** The dated versions of toolkits: what they hold, how they differ, and where `stable` stands. */
export class ToolkitDesk {
  constructor(
    private readonly store: CatalogStore,
    private readonly publishCatalog: PublishCatalog,
    private readonly changes: ToolkitChanges,
  ) {}

  async list(): Promise<readonly ToolkitView[]> {
    return (await this.store.summaries()).map(viewOf);
  }

  /** Errors: `CATALOG_NOT_FOUND`. */
  async find(name: string): Promise<ToolkitView> {
    const [found] = await this.store.summaries(name);
    if (found === undefined) throw new NotInCatalogError(`toolkit "${name}"`);
    return viewOf(found);
  }

  /** How the tools of two dates differ. Errors: `CATALOG_NOT_FOUND`. */
  async compare(name: string, from: string, to: string): Promise<readonly ToolkitDifference[]> {
    const toolkit = await storedToolkit(this.store, name);
    const [old, now] = [releaseOf(toolkit, from), releaseOf(toolkit, to)];
    const tools = await this.store.tools([...new Set([...keysOf(old), ...keysOf(now)])]);
    const [before, after] = [toolsOf(tools, old), toolsOf(tools, now)];
    return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((slug) => {
      const was = before.get(slug);
      const is = after.get(slug);
      if (was?.version === is?.version) return [];
      const changes = was === undefined || is === undefined ? [] : compareTools(was, is);
      const kind = was === undefined ? 'compatible' : is === undefined ? 'breaking' : worstOf(changes);
      return [{ slug, was: was?.version ?? null, is: is?.version ?? null, kind: kind ?? 'text', changes }];
    });
  }

  /** Moves `stable`, forwards or back. Errors: `CATALOG_NOT_FOUND`, `CATALOG_TOOLKIT_CHANGED`. */
  async setStable(name: string, version: string): Promise<ChangedToolkit> {
    await this.changes.run(name, async () => {
      const toolkit = await storedToolkit(this.store, name);
      releaseOf(toolkit, version);
      const { origin, revision } = toolkit;
      await this.store.commit({ name, origin, revision, stable: version });
    });
    return this.#changed(name);
  }

  /**
   * Takes a date out of use, and with it the tool versions that no other date holds: calls that are accepted under them and
   * have not begun find their tool withdrawn. Errors: `CATALOG_NOT_FOUND`, `CATALOG_REFUSED`, `CATALOG_TOOLKIT_CHANGED`.
   */
  async retire(name: string, version: string): Promise<ChangedToolkit> {
    await this.changes.run(name, async () => {
      const toolkit = await storedToolkit(this.store, name);
      const release = releaseOf(toolkit, version);
      if (version === toolkit.stable)
        throw new CatalogRefusedError(
          `the channel "stable" stands at ${version}: move it to another date first`,
        );
      if (release === toolkit.releases[0])
        throw new CatalogRefusedError(
          `${version} is the newest: only what a newer date has replaced is retired`,
        );
      const others = toolkit.releases.filter((other) => other !== release);
      const held = new Set(others.flatMap(keysOf));
      await this.store.commit({
        name,
        origin: toolkit.origin,
        revision: toolkit.revision,
        retire: [version],
        withdraw: keysOf(release).filter((key) => !held.has(key)),
      });
    });
    return this.#changed(name);
  }

  async #changed(name: string): Promise<ChangedToolkit> {
    const published = await this.publishCatalog.tryRun();
    return { ...(await this.find(name)), published };
  }
}

function viewOf({ name, versions, tokenCost, stable, ...rest }: ToolkitSummary): ToolkitView {
  return {
    toolkit: name,
    stable: stable ?? null,
    latest: versions[0] ?? null,
    versions,
    token_cost: tokenCost,
    ...rest,
  };
}

function releaseOf(toolkit: StoredToolkit, version: string): Release {
  const release = toolkit.releases.find((each) => each.version === version);
  if (release === undefined)
    throw new NotInCatalogError(`version ${version} of the toolkit "${toolkit.name}"`);
  return release;
}

function toolsOf(tools: readonly Tool[], release: Release): ReadonlyMap<string, Tool> {
  const byKey = new Map(tools.map((tool) => [toolKey(tool), tool]));
  return new Map(
    keysOf(release).flatMap((key) => {
      const tool = byKey.get(key);
      return tool === undefined ? [] : [[tool.slug, tool]];
    }),
  );
}
