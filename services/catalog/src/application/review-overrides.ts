import { nameSchema } from '@action-mesh/contracts/catalog';
import { pointerTo } from '@action-mesh/tools';
import { z } from 'zod';

import {
  CatalogRefusedError,
  InvalidCatalogRequestError,
  NotInCatalogError,
} from '../domain/catalog.errors.js';
import { applyOverride } from '../domain/override.js';
import { baseOf } from '../domain/override-merge.js';
import { overridePatchSchema } from '../domain/override-patch.js';
import type { ToolDifference } from '../domain/release-plan.js';
import type { UnversionedTool } from '../domain/tool-change.js';
import type { ConflictedOverride, ToolkitPlan } from '../domain/toolkit-plan.js';
import type { CatalogStore, StoredOverride, StoredToolkit } from './catalog-store.port.js';
import type { SettleToolkit } from './settle-toolkit.js';

const proposalSchema = z.strictObject({
  patch: overridePatchSchema,
  author: nameSchema,
  note: z.string().min(1).max(2_000).optional(),
});

const verdictSchema = z.strictObject({ reviewer: nameSchema });

/** An override, and what it does or would do to the toolkit. */
export interface ReviewedOverride {
  readonly override: StoredOverride;
  readonly differences: readonly ToolDifference[];
  /** The date of the toolkit that came of it. */
  readonly release?: string;
  readonly stable?: string;
  readonly held?: string;
}

export interface OverrideList {
  readonly overrides: readonly StoredOverride[];
  readonly conflicts: readonly ConflictedOverride[];
}

/**
 * What a team changes about tools that it did not write. A patch is proposed by one person and approved by another; then it
 * lies over this and every later import, in place of the patch that was approved before it. An empty patch takes the
 * earlier one back.
 */
export class ReviewOverrides {
  constructor(
    private readonly store: CatalogStore,
    private readonly settleToolkit: SettleToolkit,
  ) {}

  /** Every override, and those of them that are in conflict with what is imported now. Errors: `CATALOG_NOT_FOUND`. */
  async list(toolkit: string): Promise<OverrideList> {
    const stored = await this.#find(toolkit);
    const { conflicts } = this.settleToolkit.plan(stored, {});
    return { overrides: stored.overrides, conflicts };
  }

  /** Errors: `CATALOG_NOT_FOUND`, `CATALOG_INVALID`. */
  async propose(toolkit: string, slug: string, body: unknown): Promise<ReviewedOverride> {
    const request = proposalSchema.safeParse(body);
    if (!request.success) throw invalid('this is no override', request.error.issues);
    const { patch, author, note } = request.data;
    await this.#refuseForeignName(toolkit, patch.rename);
    let proposed: StoredOverride | undefined;
    await this.settleToolkit.run(toolkit, (before) => {
      const tool = importedTool(before, toolkit, slug);
      const result = applyOverride(tool, patch);
      if (!result.ok)
        throw new InvalidCatalogRequestError('the override does not fit the tool', result.problems);
      refuseTakenName(before, patch.rename, slug);
      const earlier = before?.overrides.filter((override) => override.slug === slug) ?? [];
      proposed = {
        slug,
        revision: Math.max(0, ...earlier.map(({ revision }) => revision)) + 1,
        state: 'proposed',
        patch,
        base: baseOf(tool, patch),
        author,
        ...(note === undefined ? {} : { note }),
      };
      return { overrides: [proposed] };
    });
    if (proposed === undefined) throw new NotInCatalogError(`toolkit "${toolkit}"`);
    const before = await this.#find(toolkit);
    const plan = this.settleToolkit.plan(before, { overrides: approving(before, proposed, undefined) });
    return reviewed(proposed, plan);
  }

  /** Errors: `CATALOG_NOT_FOUND`, `CATALOG_INVALID`, `CATALOG_REFUSED`. */
  async approve(toolkit: string, slug: string, revision: number, body: unknown): Promise<ReviewedOverride> {
    const { reviewer } = verdict(body);
    return this.#decide(toolkit, slug, revision, (before, override) => {
      if (override.author === reviewer) {
        throw new CatalogRefusedError('an override is approved by somebody else than its author');
      }
      return approving(before, override, reviewer);
    });
  }

  /** Errors: `CATALOG_NOT_FOUND`, `CATALOG_INVALID`, `CATALOG_REFUSED`. */
  async reject(toolkit: string, slug: string, revision: number, body: unknown): Promise<ReviewedOverride> {
    const { reviewer } = verdict(body);
    return this.#decide(toolkit, slug, revision, (_before, override) => [
      { ...override, state: 'rejected', reviewer },
    ]);
  }

  async #decide(
    toolkit: string,
    slug: string,
    revision: number,
    change: (before: StoredToolkit, override: StoredOverride) => readonly StoredOverride[],
  ): Promise<ReviewedOverride> {
    let decided: StoredOverride | undefined;
    const { plan } = await this.settleToolkit.run(toolkit, (before) => {
      const override = before?.overrides.find((each) => each.slug === slug && each.revision === revision);
      if (before === undefined || override === undefined) {
        throw new NotInCatalogError(`override ${revision} of "${slug}" in the toolkit "${toolkit}"`);
      }
      if (override.state !== 'proposed') {
        throw new CatalogRefusedError(`the override is ${override.state} already`);
      }
      const overrides = change(before, override);
      decided = overrides.find((each) => each.revision === revision);
      return { overrides };
    });
    if (decided === undefined) throw new NotInCatalogError(`override ${revision} of "${slug}"`);
    return reviewed(decided, plan);
  }

  async #refuseForeignName(toolkit: string, rename: string | undefined): Promise<void> {
    if (rename === undefined) return;
    const owner = (await this.store.owners([rename])).get(rename);
    if (owner === undefined || owner === toolkit) return;
    throw new InvalidCatalogRequestError('the override does not fit the catalog', [
      { pointer: '/rename', message: `is a tool of the toolkit "${owner}"` },
    ]);
  }

  async #find(name: string): Promise<StoredToolkit> {
    const found = await this.store.find(name);
    if (found === undefined) throw new NotInCatalogError(`toolkit "${name}"`);
    return found;
  }
}

/** The override as approved, and the one that was in force until now as superseded. */
function approving(
  before: StoredToolkit,
  override: StoredOverride,
  reviewer: string | undefined,
): StoredOverride[] {
  const inForce = before.overrides.filter(
    ({ slug, state }) => slug === override.slug && state === 'approved',
  );
  return [
    ...inForce.map((earlier): StoredOverride => ({ ...earlier, state: 'superseded' })),
    { ...override, state: 'approved', ...(reviewer === undefined ? {} : { reviewer }) },
  ];
}

function importedTool(before: StoredToolkit | undefined, toolkit: string, slug: string): UnversionedTool {
  if (before === undefined) throw new NotInCatalogError(`toolkit "${toolkit}"`);
  if (before.origin === 'code') {
    throw new CatalogRefusedError(`"${toolkit}" is a toolkit that is code; change it there`);
  }
  const tool = before.imported.find((each) => each.slug === slug);
  if (tool === undefined) throw new NotInCatalogError(`tool "${slug}" in what was imported as "${toolkit}"`);
  return tool;
}

/** Two tools of one toolkit under one name would make one of them unreachable. */
function refuseTakenName(before: StoredToolkit | undefined, rename: string | undefined, slug: string): void {
  if (rename === undefined || rename === slug) return;
  const isTaken =
    before?.imported.some((tool) => tool.slug === rename) === true ||
    before?.overrides.some(
      (override) =>
        override.slug !== slug && override.state === 'approved' && override.patch.rename === rename,
    ) === true;
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
    ...(plan.stable === undefined ? {} : { stable: plan.stable }),
    ...(plan.held === undefined ? {} : { held: plan.held }),
  };
}

function verdict(body: unknown): z.infer<typeof verdictSchema> {
  const read = verdictSchema.safeParse(body);
  if (!read.success) throw invalid('this is no verdict', read.error.issues);
  return read.data;
}

function invalid(message: string, issues: readonly z.core.$ZodIssue[]): InvalidCatalogRequestError {
  return new InvalidCatalogRequestError(
    message,
    issues.map(({ path, message: text }) => ({
      pointer: path.reduce<string>((parent, member) => pointerTo(parent, String(member)), ''),
      message: text,
    })),
  );
}
