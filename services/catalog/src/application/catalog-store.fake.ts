import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
import { compareToolkitVersions } from '@action-mesh/tools';

import { ToolkitConflictError, ToolNameTakenError } from '../domain/catalog.errors.js';
import { newestOfEach } from '../domain/toolkit-plan.js';
import type {
  CatalogStore,
  StoredOverride,
  StoredPublication,
  StoredToolkit,
  ToolkitChange,
  ToolkitRevisions,
  ToolkitSummary,
} from './catalog-store.port.js';

/** The record in memory. */
export class FakeCatalogStore implements CatalogStore {
  /** The revision of the last write to a tool version, by key. */
  readonly #written = new Map<string, number>();
  readonly #toolkits = new Map<string, StoredToolkit & { readonly retired: readonly string[] }>();

  names(): Promise<readonly string[]> {
    return Promise.resolve([...this.#toolkits.keys()].sort());
  }

  find(name: string): Promise<StoredToolkit | undefined> {
    const found = this.#toolkits.get(name);
    return Promise.resolve(found && { ...found, tools: [...newestOfEach(found.tools).values()] });
  }

  tools(keys: readonly string[]): Promise<readonly Tool[]> {
    const all = [...this.#toolkits.values()].flatMap(({ tools }) => tools);
    return Promise.resolve(all.filter((tool) => keys.includes(ToolPublished.key(tool))));
  }

  summaries(only?: string): Promise<readonly ToolkitSummary[]> {
    const found = [...this.#toolkits.values()].filter(({ name }) => only === undefined || name === only);
    return Promise.resolve(
      found.map(({ name, origin, stable, source, releases, tools, overrides }) => {
        const held = tools.filter(({ slug, version }) => releases[0]?.tools[slug] === version);
        return {
          ...{ name, origin, versions: releases.map(({ version }) => version), tools: held.length },
          ...defined({ stable, source }),
          tokenCost: held.reduce((sum, tool) => sum + tool.token_cost, 0),
          proposed: overrides.filter(({ state }) => state === 'proposed').length,
        };
      }),
    );
  }

  owners(slugs: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const owners = new Map<string, string>();
    for (const { name, tools } of this.#toolkits.values()) {
      for (const { slug } of tools) if (slugs.includes(slug)) owners.set(slug, name);
    }
    return Promise.resolve(owners);
  }

  async commit(change: ToolkitChange): Promise<void> {
    const owners = await this.owners((change.newTools ?? []).map(({ slug }) => slug));
    for (const [slug, owner] of owners) if (owner !== change.name) throw new ToolNameTakenError(slug, owner);
    // No other call can run between this read and the write: nothing is awaited.
    const before = this.#toolkits.get(change.name);
    if ((before?.revision ?? 0) !== change.revision) throw new ToolkitConflictError(change.name);
    const { newTools = [], replacedTools = [], withdraw = [], restore = [] } = change;
    for (const key of [...[...newTools, ...replacedTools].map(ToolPublished.key), ...withdraw, ...restore])
      this.#written.set(key, change.revision + 1);
    const replaced = new Map(replacedTools.map((tool) => [ToolPublished.key(tool), tool]));
    const withdrawn = new Set([...(before?.withdrawn ?? []), ...withdraw]);
    for (const key of restore) withdrawn.delete(key);
    const retired = [...(before?.retired ?? []), ...(change.retire ?? [])];
    const releases = [...(change.release === undefined ? [] : [change.release]), ...(before?.releases ?? [])]
      .filter(({ version }) => !retired.includes(version))
      .sort((left, right) => compareToolkitVersions(right.version, left.version));
    const stable = change.stable ?? before?.stable;
    const source = change.source ?? before?.source;
    const tools = [
      ...(before?.tools ?? []).map((tool) => replaced.get(ToolPublished.key(tool)) ?? tool),
      ...newTools,
    ];
    this.#toolkits.set(change.name, {
      name: change.name,
      origin: before?.origin ?? change.origin,
      ...ownerOf(before?.owner ?? change.owner),
      revision: change.revision + 1,
      ...defined({ stable, source }),
      releases,
      dates: [...(before?.dates ?? []), ...(change.release === undefined ? [] : [change.release.version])],
      keys: tools.map(ToolPublished.key),
      tools,
      withdrawn,
      retired,
      imported: change.imported ?? before?.imported ?? [],
      overrides: mergedOverrides(before?.overrides ?? [], change.overrides ?? []),
    });
  }

  publication(since: ToolkitRevisions): Promise<StoredPublication> {
    const all = [...this.#toolkits.values()];
    const changed = all.filter(({ name, revision }) => since.get(name) !== revision);
    const isNew = (toolkit: string, key: string): boolean =>
      (this.#written.get(key) ?? 0) > (since.get(toolkit) ?? -1);
    return Promise.resolve({
      revisions: new Map(all.map(({ name, revision }) => [name, revision])),
      owners: new Map(
        all.flatMap(({ name, owner }) => (owner === undefined ? [] : [[name, owner] as const])),
      ),
      tools: changed.flatMap(({ name, tools, withdrawn }) =>
        tools.filter((tool) => {
          const key = ToolPublished.key(tool);
          return isNew(name, key) && !withdrawn.has(key);
        }),
      ),
      withdrawn: changed.flatMap(({ name, withdrawn }) => [...withdrawn].filter((key) => isNew(name, key))),
      toolkits: changed.flatMap(({ name, releases, stable }) =>
        releases.map((release, index) => ({
          ...release,
          toolkit: name,
          stable: release.version === stable,
          newest: index === 0,
        })),
      ),
      retired: changed.flatMap(({ name, retired }) => retired.map((version) => `${name}@${version}`)),
    });
  }
}

function ownerOf(owner: string | undefined): { readonly owner?: string } {
  return defined({ owner });
}

function mergedOverrides(
  before: readonly StoredOverride[],
  changed: readonly StoredOverride[],
): StoredOverride[] {
  const keyOf = ({ slug, revision }: StoredOverride): string => `${slug}/${revision}`;
  const merged = new Map([...before, ...changed].map((override) => [keyOf(override), override]));
  return [...merged.values()];
}
