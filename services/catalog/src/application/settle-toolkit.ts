import type { ToolkitPlan } from '../domain/toolkit-plan.js';
import { planToolkit } from '../domain/toolkit-plan.js';
import { ToolkitChangedError } from '../domain/catalog.errors.js';
import type { UnversionedTool } from '../domain/tool-change.js';
import type { CatalogStore, ImportSource, StoredOverride, StoredToolkit } from './catalog-store.port.js';
import type { PublishCatalog } from './publish-catalog.js';

/** What a change of an imported toolkit is made of; what is absent stays as it is. */
export interface ToolkitInput {
  readonly imported?: readonly UnversionedTool[];
  readonly source?: ImportSource;
  /** New ones, and those whose state changes. */
  readonly overrides?: readonly StoredOverride[];
}

export interface SettledToolkit {
  readonly plan: ToolkitPlan;
  /** Whether everybody can know of it by now; if not, it is tried again. */
  readonly published: boolean;
}

/** How often somebody else may come in between. */
const ATTEMPTS = 5;

/**
 * Changes an imported toolkit: what the import or a review brought is laid over what was there, and the versions, the date
 * and the channel that follow from it are written down with it, all or nothing. `change` is asked anew when another change
 * came in between.
 */
export class SettleToolkit {
  constructor(
    private readonly store: CatalogStore,
    private readonly publishCatalog: PublishCatalog,
    private readonly today: () => string,
  ) {}

  async run(
    name: string,
    change: (before: StoredToolkit | undefined) => ToolkitInput,
  ): Promise<SettledToolkit> {
    for (let attempt = 1; ; attempt += 1) {
      const before = await this.store.find(name);
      const input = change(before);
      const plan = this.plan(before, input);
      try {
        await this.store.commit({
          name,
          origin: 'import',
          revision: before?.revision ?? 0,
          newTools: plan.newTools,
          ...(plan.release === undefined ? {} : { release: plan.release }),
          ...(plan.stable === undefined ? {} : { stable: plan.stable }),
          ...input,
        });
      } catch (error) {
        if (error instanceof ToolkitChangedError && attempt < ATTEMPTS) continue;
        throw error;
      }
      return { plan, published: await this.#publish() };
    }
  }

  /** What would come of a change, without making it. */
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
      this.today(),
    );
  }

  /** Tried again by whoever keeps the topics up to date. */
  async #publish(): Promise<boolean> {
    try {
      await this.publishCatalog.run();
      return true;
    } catch {
      return false;
    }
  }
}
