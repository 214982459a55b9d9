import type { ImportSource } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';

import type { Release } from '../domain/release-plan.js';
import type { ToolkitPlan } from '../domain/toolkit-plan.js';
import { planToolkit } from '../domain/toolkit-plan.js';
import type { UnversionedTool } from '../domain/tool-change.js';
import { keysOf } from '../domain/tool-key.js';
import type { CatalogStore, StoredOverride, StoredToolkit } from './catalog-store.port.js';
import type { PublishCatalog } from './publish-catalog.js';
import type { ToolkitChanges } from './toolkit-changes.js';

/** The parts of a change of an imported toolkit. Absent parts stay unchanged. */
export interface ToolkitInput {
  readonly imported?: readonly UnversionedTool[];
  readonly source?: ImportSource;
  /** New overrides, and those whose state changes. */
  readonly overrides?: readonly StoredOverride[];
}

export interface SettledToolkit<Input extends ToolkitInput> {
  readonly plan: ToolkitPlan;
  /** The parts that made up the change. */
  readonly input: Input;
  /** The newest date of the toolkit after the change, new or not. */
  readonly newest?: string;
  /** False: the publication failed and is repeated. */
  readonly published: boolean;
}

/**
 * Changes an imported toolkit. It lays the import or the review over the present state. The resulting versions, date
 * and channel are written with it, all or nothing. `change` is called again if another change came in between.
 */
export class SettleToolkit {
  readonly #store: CatalogStore;
  readonly #publishCatalog: PublishCatalog;
  readonly #changes: ToolkitChanges;
  readonly #today: () => string;

  constructor(
    store: CatalogStore,
    publishCatalog: PublishCatalog,
    changes: ToolkitChanges,
    today: () => string,
  ) {
    this.#store = store;
    this.#publishCatalog = publishCatalog;
    this.#changes = changes;
    this.#today = today;
  }

  async run<Input extends ToolkitInput>(
    name: string,
    change: (before: StoredToolkit | undefined) => Input,
  ): Promise<SettledToolkit<Input>> {
    const settled = await this.#changes.run(name, async () => {
      const before = await this.#store.find(name);
      const input = change(before);
      const plan = this.plan(before, input);
      const { newTools, release, stable } = plan;
      await this.#store.commit({
        name,
        origin: 'import',
        revision: before?.revision ?? 0,
        newTools,
        restore: withdrawnOf(before, release),
        ...defined({ release, stable }),
        ...input,
      });
      const newest = release?.version ?? before?.releases[0]?.version;
      return { plan, input, ...defined({ newest }) };
    });
    return { ...settled, published: await this.#publishCatalog.tryRun() };
  }

  /** The result of a change, without making it. */
  plan(before: StoredToolkit | undefined, { imported, overrides = [] }: ToolkitInput): ToolkitPlan {
    const changed = new Set(overrides.map(({ slug, revision }) => `${slug}/${revision}`));
    const all = [
      ...(before?.overrides ?? []).filter(({ slug, revision }) => !changed.has(`${slug}/${revision}`)),
      ...overrides,
    ];
    return planToolkit(
      imported ?? before?.imported ?? [],
      all.filter(({ state }) => state === 'approved'),
      {
        tools: before?.tools ?? [],
        releases: before?.releases ?? [],
        dates: before?.dates ?? [],
        ...(before?.stable === undefined ? {} : { stable: before.stable }),
      },
      this.#today(),
    );
  }
}

/** The withdrawn versions that a release uses again, as keys. */
function withdrawnOf(before: StoredToolkit | undefined, release: Release | undefined): string[] {
  return release === undefined ? [] : keysOf(release).filter((key) => before?.withdrawn.has(key) === true);
}
