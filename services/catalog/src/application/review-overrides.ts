import type { ConflictedOverride, ToolDifference } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';

import {
  CatalogRefusedError,
  InvalidCatalogRequestError,
  NotInCatalogError,
} from '../domain/catalog.errors.js';
import { applyOverride } from '../domain/override.js';
import { overrideBaseOf } from '../domain/override-merge.js';
import type { OverridePatch } from '../domain/override-patch.js';
import type { UnversionedTool } from '../domain/tool-change.js';
import type { ToolkitPlan } from '../domain/toolkit-plan.js';
import type { CatalogStore, StoredOverride, StoredToolkit } from './catalog-store.port.js';
import { readProposal } from './override-request.js';
import type { SettleToolkit } from './settle-toolkit.js';
import { storedToolkit } from './stored-toolkit.js';
import type { ToolkitChanges } from './toolkit-changes.js';

/** An override, with its present or future effect on the toolkit. */
export interface ReviewedOverride {
  readonly override: StoredOverride;
  readonly differences: readonly ToolDifference[];
  /** The date of the toolkit that the override caused. */
  readonly release?: string;
  readonly stable?: string;
  readonly held?: string;
  /** The overrides of the toolkit that do not fit the present import. */
  readonly conflicts: readonly ConflictedOverride[];
}

export interface OverrideList {
  readonly overrides: readonly StoredOverride[];
  readonly conflicts: readonly ConflictedOverride[];
}

/**
 * A team's changes to tools that it did not write. One holder of a key proposes a patch and another approves it. The
 * patch is then laid over this and every later import, and replaces the patch that was approved before. An empty patch takes the
 * earlier one back.
 */
export class ReviewOverrides {
  readonly #store: CatalogStore;
  readonly #settleToolkit: SettleToolkit;
  readonly #changes: ToolkitChanges;

  constructor(store: CatalogStore, settleToolkit: SettleToolkit, changes: ToolkitChanges) {
    this.#store = store;
    this.#settleToolkit = settleToolkit;
    this.#changes = changes;
  }

  /** Every override, and those in conflict with the present import. Errors: `CATALOG_NOT_FOUND`. */
  async list(toolkit: string): Promise<OverrideList> {
    const stored = await storedToolkit(this.#store, toolkit);
    const { conflicts } = this.#settleToolkit.plan(stored, {});
    return { overrides: stored.overrides, conflicts };
  }

  /** Errors: `CATALOG_NOT_FOUND`, `CATALOG_INVALID`, `CATALOG_REFUSED`, `CATALOG_TOOLKIT_CHANGED`. */
  async propose(toolkit: string, slug: string, body: unknown, author: string): Promise<ReviewedOverride> {
    const { patch, note } = readProposal(body);
    await this.#refuseForeignName(toolkit, patch.rename);
    return this.#changes.run(toolkit, async () => {
      const before = await storedToolkit(this.#store, toolkit);
      const tool = fittingTool(before, slug, patch);
      const earlier = before.overrides.filter((override) => override.slug === slug);
      const proposed: StoredOverride = {
        slug,
        revision: Math.max(0, ...earlier.map(({ revision }) => revision)) + 1,
        state: 'proposed',
        patch,
        base: overrideBaseOf(tool, patch),
        author,
        ...defined({ note }),
      };
      await this.#write(before, proposed);
      const overrides = approving(before, proposed, undefined);
      return reviewed(proposed, this.#settleToolkit.plan(before, { overrides }));
    });
  }

  /**
   * Approves an override. The toolkit may have changed since the proposal, so the patch is checked again. Errors:
   * `CATALOG_NOT_FOUND`, `CATALOG_INVALID`, `CATALOG_REFUSED`, `CATALOG_NAME_TAKEN`, `CATALOG_TOOLKIT_CHANGED`.
   */
  async approve(
    toolkit: string,
    slug: string,
    revision: number,
    reviewer: string,
  ): Promise<ReviewedOverride> {
    const { plan, input } = await this.#settleToolkit.run(toolkit, (before) => {
      const override = proposedIn(before, toolkit, slug, revision);
      if (isSamePerson(override.author, reviewer)) {
        throw new CatalogRefusedError(
          'the author of an override cannot approve it: send the approval with a key of another holder',
        );
      }
      if (before !== undefined) fittingTool(before, slug, override.patch);
      return { overrides: approving(before, override, reviewer) };
    });
    const [approved] = input.overrides;
    return reviewed(approved, plan);
  }

  /** Errors: `CATALOG_NOT_FOUND`, `CATALOG_INVALID`, `CATALOG_REFUSED`, `CATALOG_TOOLKIT_CHANGED`. */
  async reject(toolkit: string, slug: string, revision: number, reviewer: string): Promise<ReviewedOverride> {
    return this.#changes.run(toolkit, async () => {
      const before = await storedToolkit(this.#store, toolkit);
      const override = proposedIn(before, toolkit, slug, revision);
      const rejected: StoredOverride = { ...override, state: 'rejected', reviewer };
      await this.#write(before, rejected);
      return reviewed(rejected, this.#settleToolkit.plan(before, {}));
    });
  }

  /** Writes a change without effect: it makes no version and no date, and publishes nothing. */
  async #write({ name, origin, revision }: StoredToolkit, override: StoredOverride): Promise<void> {
    await this.#store.commit({ name, origin, revision, overrides: [override] });
  }

  async #refuseForeignName(toolkit: string, rename: string | undefined): Promise<void> {
    if (rename === undefined) return;
    const owner = (await this.#store.owners([rename])).get(rename);
    if (owner === undefined || owner === toolkit) return;
    throw new InvalidCatalogRequestError('the override does not fit the catalog', [
      { pointer: '/rename', message: `is a tool of the toolkit "${owner}"` },
    ]);
  }
}

function proposedIn(
  toolkit: StoredToolkit | undefined,
  name: string,
  slug: string,
  revision: number,
): StoredOverride {
  const override = toolkit?.overrides.find((each) => each.slug === slug && each.revision === revision);
  if (override === undefined) {
    throw new NotInCatalogError(`override ${revision} of "${slug}" in the toolkit "${name}"`);
  }
  if (override.state !== 'proposed')
    throw new CatalogRefusedError(`the override is already ${override.state}`);
  return override;
}

/** Whether two names are one person's. Case and Unicode variants do not matter. */
function isSamePerson(left: string, right: string): boolean {
  const plain = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
  return plain(left) === plain(right);
}

/** The approved override, followed by the one that it supersedes. */
function approving(
  before: StoredToolkit | undefined,
  override: StoredOverride,
  reviewer: string | undefined,
): readonly [StoredOverride, ...StoredOverride[]] {
  const inForce = (before?.overrides ?? []).filter(
    ({ slug, state }) => slug === override.slug && state === 'approved',
  );
  return [
    { ...override, state: 'approved', ...defined({ reviewer }) },
    ...inForce.map((earlier): StoredOverride => ({ ...earlier, state: 'superseded' })),
  ];
}

/** The tool under the patch. Throws if the patch does not fit it. */
function fittingTool(before: StoredToolkit, slug: string, patch: OverridePatch): UnversionedTool {
  const tool = importedTool(before, slug);
  const result = applyOverride(tool, patch);
  if (!result.ok) throw new InvalidCatalogRequestError('the override does not fit the tool', result.problems);
  refuseTakenName(before, patch.rename, slug);
  return tool;
}

function importedTool({ name, origin, imported }: StoredToolkit, slug: string): UnversionedTool {
  if (origin === 'code') throw new CatalogRefusedError(`"${name}" is a toolkit of code; change its code`);
  const tool = imported.find((each) => each.slug === slug);
  if (tool === undefined) throw new NotInCatalogError(`tool "${slug}" in the imported toolkit "${name}"`);
  return tool;
}

/** Refuses a name that another tool has. One of the two tools would be unreachable. */
function refuseTakenName(before: StoredToolkit, rename: string | undefined, slug: string): void {
  if (rename === undefined || rename === slug) return;
  const isTaken =
    before.imported.some((tool) => tool.slug === rename) ||
    before.overrides.some(
      (override) =>
        override.slug !== slug && override.state === 'approved' && override.patch.rename === rename,
    );
  if (isTaken) {
    throw new InvalidCatalogRequestError('the override does not fit the toolkit', [
      { pointer: '/rename', message: 'is the name of another tool of the toolkit' },
    ]);
  }
}

function reviewed(override: StoredOverride, plan: ToolkitPlan): ReviewedOverride {
  return {
    override,
    differences: plan.differences,
    ...(plan.release === undefined ? {} : { release: plan.release.version }),
    ...defined({ stable: plan.stable, held: plan.held }),
    conflicts: plan.conflicts,
  };
}
