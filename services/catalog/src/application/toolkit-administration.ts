import type { Change, ChangeKind, ImportSource, Tool } from '@action-mesh/contracts/catalog';

import { CatalogRefusedError, NotInCatalogError } from '../domain/catalog.errors.js';
import { worstOf } from '../domain/change.js';
import type { Release } from '../domain/release-plan.js';
import { compareTools } from '../domain/tool-change.js';
import { keysOf, toolKey } from '../domain/tool-key.js';
import type { CatalogStore, StoredToolkit, ToolkitOrigin, ToolkitSummary } from './catalog-store.port.js';
import type { PublishCatalog } from './publish-catalog.js';
import { storedToolkit } from './stored-toolkit.js';
import type { ToolkitChanges } from './toolkit-changes.js';

/** A toolkit in the view of its team. */
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
  /** The number of overrides that wait for a review. */
  readonly proposed: number;
}

/** A toolkit after a change. */
export interface ChangedToolkit extends ToolkitView {
  /** False: the publication failed and is repeated. */
  readonly published: boolean;
}

/** Everything that was deleted with a toolkit. */
export interface DeletedToolkit {
  readonly toolkit: string;
  /** Dates, newest first. */
  readonly retired: readonly string[];
  /** The number of withdrawn tool versions, and the first hundred of them. */
  readonly withdrawn: { readonly count: number; readonly tools: readonly string[] };
  /** False: the publication failed and is repeated. */
  readonly published: boolean;
}

/** The most withdrawn versions that an answer names. */
const mostNamed = 100;

/** The differences of one tool between two dates. */
export interface ToolkitDifference {
  readonly slug: string;
  readonly was: string | null;
  readonly is: string | null;
  readonly kind: ChangeKind;
  readonly changes: readonly Change[];
}

/** The dated versions of toolkits: their tools, their differences, and the position of `stable`. */
export class ToolkitAdministration {
  readonly #store: CatalogStore;
  readonly #publishCatalog: PublishCatalog;
  readonly #changes: ToolkitChanges;

  constructor(store: CatalogStore, publishCatalog: PublishCatalog, changes: ToolkitChanges) {
    this.#store = store;
    this.#publishCatalog = publishCatalog;
    this.#changes = changes;
  }

  async list(): Promise<readonly ToolkitView[]> {
    return (await this.#store.summaries()).filter(isInUse).map(viewOf);
  }

  /** Errors: `CATALOG_NOT_FOUND`. */
  async find(name: string): Promise<ToolkitView> {
    const [found] = await this.#store.summaries(name);
    if (found === undefined || !isInUse(found)) throw new NotInCatalogError(`toolkit "${name}"`);
    return viewOf(found);
  }

  /** The differences between two dates, by tool. Errors: `CATALOG_NOT_FOUND`. */
  async compare(name: string, from: string, to: string): Promise<readonly ToolkitDifference[]> {
    const toolkit = await storedToolkit(this.#store, name);
    const [old, now] = [releaseOf(toolkit, from), releaseOf(toolkit, to)];
    const tools = await this.#store.tools([...new Set([...keysOf(old), ...keysOf(now)])]);
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
    await this.#changes.run(name, async () => {
      const toolkit = await storedToolkit(this.#store, name);
      releaseOf(toolkit, version);
      const { origin, revision } = toolkit;
      await this.#store.commit({ name, origin, revision, stable: version });
    });
    return this.#changed(name);
  }

  /**
   * Retires a date, with the tool versions that no other date holds. An accepted call under such a version that has not
   * begun finds its tool withdrawn. Errors: `CATALOG_NOT_FOUND`, `CATALOG_REFUSED`, `CATALOG_TOOLKIT_CHANGED`.
   */
  async retire(name: string, version: string): Promise<ChangedToolkit> {
    await this.#changes.run(name, async () => {
      const toolkit = await storedToolkit(this.#store, name);
      const release = releaseOf(toolkit, version);
      if (version === toolkit.stable)
        throw new CatalogRefusedError(
          `the channel "stable" stands at ${version}: move it to another date first`,
        );
      if (release === toolkit.releases[0])
        throw new CatalogRefusedError(
          `${version} is the newest date: only a date that a newer one has replaced can be retired`,
        );
      const others = toolkit.releases.filter((other) => other !== release);
      const held = new Set(others.flatMap(keysOf));
      await this.#store.commit({
        name,
        origin: toolkit.origin,
        revision: toolkit.revision,
        retire: [version],
        withdraw: keysOf(release).filter((key) => !held.has(key)),
      });
    });
    return this.#changed(name);
  }

  /**
   * Deletes an imported toolkit with all its dates, tools and overrides; `confirm` repeats its name. Its record stays,
   * so a later import under the name continues its numbers. A request under way keeps the version of its tool. A
   * waiting call finds its tool withdrawn. Errors: `CATALOG_NOT_FOUND`, `CATALOG_REFUSED`, `CATALOG_TOOLKIT_CHANGED`.
   */
  async remove(name: string, confirm: string | undefined): Promise<DeletedToolkit> {
    const removed = await this.#changes.run(name, async () => {
      const toolkit = await storedToolkit(this.#store, name);
      const { origin, revision, releases, overrides } = toolkit;
      if (origin === 'code')
        throw new CatalogRefusedError(
          `"${name}" is a toolkit of code, and the next start of its catalog would restore it: remove it from the code`,
        );
      if (releases.length === 0) throw new NotInCatalogError(`toolkit "${name}"`);
      const keys = [...new Set(releases.flatMap(keysOf))].sort();
      if (confirm !== name) throw new CatalogRefusedError(confirmationOf(name, keys, releases.length));
      const dates = releases.map(({ version }) => version);
      await this.#store.commit({
        name,
        origin,
        revision,
        retire: dates,
        withdraw: keys,
        imported: [],
        overrides: overrides
          .filter(({ state }) => state === 'approved' || state === 'proposed')
          .map((override) => ({ ...override, state: 'superseded' })),
      });
      return {
        toolkit: name,
        retired: dates,
        withdrawn: { count: keys.length, tools: keys.slice(0, mostNamed) },
      };
    });
    return { ...removed, published: await this.#publishCatalog.tryRun() };
  }

  async #changed(name: string): Promise<ChangedToolkit> {
    const published = await this.#publishCatalog.tryRun();
    return { ...(await this.find(name)), published };
  }
}

/** Whether a toolkit is in use. Only a deleted toolkit has no date: the newest date of any other cannot be retired. */
function isInUse({ versions, origin }: ToolkitSummary): boolean {
  return origin === 'code' || versions.length > 0;
}

function confirmationOf(name: string, keys: readonly string[], dates: number): string {
  const named = keys.slice(0, 5).join(', ');
  const more = keys.length > 5 ? ` and ${keys.length - 5} more` : '';
  return `deleting "${name}" withdraws ${keys.length} tool versions in ${dates} dates (${named}${more}) and its overrides; nothing is deleted yet; to confirm, send DELETE /v1/toolkits/${name}?confirm=${name}`;
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
