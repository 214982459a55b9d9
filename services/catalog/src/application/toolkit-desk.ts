import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';

import { CatalogRefusedError, NotInCatalogError } from '../domain/catalog.errors.js';
import { worstOf, type Change, type ChangeKind } from '../domain/change.js';
import type { Release } from '../domain/release-plan.js';
import { compareTools } from '../domain/tool-change.js';
import type { CatalogStore, ImportSource, StoredToolkit, ToolkitOrigin } from './catalog-store.port.js';
import type { PublishCatalog } from './publish-catalog.js';

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
  ) {}

  async list(): Promise<readonly ToolkitView[]> {
    const found = await Promise.all((await this.store.names()).map((name) => this.store.find(name)));
    return found.flatMap((toolkit) => (toolkit === undefined ? [] : [viewOf(toolkit)]));
  }

  /** Errors: `CATALOG_NOT_FOUND`. */
  async find(name: string): Promise<ToolkitView> {
    return viewOf(await this.#find(name));
  }

  /** How the tools of two dates differ. Errors: `CATALOG_NOT_FOUND`. */
  async compare(name: string, from: string, to: string): Promise<readonly ToolkitDifference[]> {
    const toolkit = await this.#find(name);
    const before = toolsOf(toolkit, releaseOf(toolkit, from));
    const after = toolsOf(toolkit, releaseOf(toolkit, to));
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
  async setStable(name: string, version: string): Promise<ToolkitView> {
    const toolkit = await this.#find(name);
    releaseOf(toolkit, version);
    await this.store.commit({ name, origin: toolkit.origin, revision: toolkit.revision, stable: version });
    await this.#publish();
    return viewOf({ ...toolkit, stable: version });
  }

  /**
   * Takes a date out of use, and with it the tool versions that no other date holds: calls that are accepted under them and
   * have not begun find their tool withdrawn. Errors: `CATALOG_NOT_FOUND`, `CATALOG_REFUSED`, `CATALOG_TOOLKIT_CHANGED`.
   */
  async retire(name: string, version: string): Promise<ToolkitView> {
    const toolkit = await this.#find(name);
    const release = releaseOf(toolkit, version);
    if (version === toolkit.stable)
      throw new CatalogRefusedError(`the channel "stable" stands at ${version}`);
    if (release === toolkit.releases[0]) throw new CatalogRefusedError(`${version} is the newest`);
    const others = toolkit.releases.filter((other) => other !== release);
    const held = new Set(others.flatMap(keysOf));
    await this.store.commit({
      name,
      origin: toolkit.origin,
      revision: toolkit.revision,
      retire: [version],
      withdraw: keysOf(release).filter((key) => !held.has(key)),
    });
    await this.#publish();
    return viewOf({ ...toolkit, releases: others });
  }

  async #find(name: string): Promise<StoredToolkit> {
    const found = await this.store.find(name);
    if (found === undefined) throw new NotInCatalogError(`toolkit "${name}"`);
    return found;
  }

  /** Tried again by whoever keeps the topics up to date. */
  async #publish(): Promise<void> {
    await this.publishCatalog.run().catch(() => undefined);
  }
}

function viewOf(toolkit: StoredToolkit): ToolkitView {
  const [latest] = toolkit.releases;
  const tools = latest === undefined ? new Map<string, Tool>() : toolsOf(toolkit, latest);
  return {
    toolkit: toolkit.name,
    origin: toolkit.origin,
    stable: toolkit.stable ?? null,
    latest: latest?.version ?? null,
    tools: tools.size,
    token_cost: [...tools.values()].reduce((sum, tool) => sum + tool.token_cost, 0),
    ...(toolkit.source === undefined ? {} : { source: toolkit.source }),
    versions: toolkit.releases.map(({ version }) => version),
    proposed: toolkit.overrides.filter(({ state }) => state === 'proposed').length,
  };
}

function releaseOf(toolkit: StoredToolkit, version: string): Release {
  const release = toolkit.releases.find((each) => each.version === version);
  if (release === undefined)
    throw new NotInCatalogError(`version ${version} of the toolkit "${toolkit.name}"`);
  return release;
}

function toolsOf(toolkit: StoredToolkit, release: Release): ReadonlyMap<string, Tool> {
  const byKey = new Map(toolkit.tools.map((tool) => [ToolPublished.key(tool), tool]));
  return new Map(
    keysOf(release).flatMap((key) => {
      const tool = byKey.get(key);
      return tool === undefined ? [] : [[tool.slug, tool]];
    }),
  );
}

function keysOf({ tools }: Release): string[] {
  return Object.entries(tools).map(([slug, version]) => `${slug}@${version}`);
}
