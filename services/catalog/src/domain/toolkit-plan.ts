import { defined } from '@action-mesh/kernel';
import { latestVersion, parseVersion } from '@action-mesh/tools';
import type { ConflictedOverride, Tool } from '@action-mesh/contracts/catalog';

import { mergeOverride, type OverrideBase } from './override-merge.js';
import type { OverridePatch } from './override-patch.js';
import { isBreaking, planRelease, type Release, type ReleasePlan } from './release-plan.js';
import type { UnversionedTool } from './tool-change.js';
import { toolKey } from './tool-key.js';

/** A reviewed patch of one imported tool. */
export interface ApprovedOverride {
  readonly slug: string;
  readonly revision: number;
  readonly patch: OverridePatch;
  readonly base: OverrideBase;
}

export interface ToolkitBefore {
  /** The newest version of every tool that was ever in it. */
  readonly tools: readonly Tool[];
  readonly releases: readonly Release[];
  readonly dates: readonly string[];
  readonly stable?: string;
}

export interface ToolkitPlan extends ReleasePlan {
  readonly conflicts: readonly ConflictedOverride[];
  /** The date of `stable` after the change. */
  readonly stable?: string;
  /** The reason why `stable` stays behind the new release; absent if it moves along. */
  readonly held?: string;
}

/**
 * Plans the next state of a toolkit after a change of its imported tools or their overrides. The overrides are laid
 * over the import, and changed tools get new versions. `stable` moves along unless a caller could break or an override
 * is in conflict. In these cases a person decides.
 */
export function planToolkit(
  imported: readonly UnversionedTool[],
  overrides: readonly ApprovedOverride[],
  before: ToolkitBefore,
  today: string,
): ToolkitPlan {
  const newest = newestOfEach(before.tools);
  const { tools, conflicts } = overridden(imported, overrides, newest);
  const [last] = before.releases;
  const plan = planRelease(tools, { newest, dates: before.dates, ...defined({ last }) }, today);
  if (plan.release === undefined) {
    return { ...plan, conflicts, ...defined({ stable: before.stable }) };
  }
  const stable = before.releases.find(({ version }) => version === before.stable);
  const formerNames = new Set(tools.flatMap(({ aliases }) => aliases));
  const held =
    stable !== undefined && isBreaking(stable, plan.release, formerNames)
      ? `it differs from ${stable.version} in a way that breaks callers`
      : conflicts.length > 0
        ? 'overrides conflict with the imported tools'
        : undefined;
  if (held === undefined) return { ...plan, conflicts, stable: plan.release.version };
  return { ...plan, conflicts, held, ...defined({ stable: before.stable }) };
}

/** The newest version of every tool, without pre-releases. */
export function newestOfEach(tools: readonly Tool[]): Map<string, Tool> {
  const byKey = new Map(tools.map((tool) => [toolKey(tool), tool]));
  return new Map(
    [...newestVersions(tools)].flatMap(([slug, version]) => {
      const tool = byKey.get(toolKey({ slug, version }));
      return tool === undefined ? [] : [[slug, tool]];
    }),
  );
}

/** The newest version of every tool by its name, without pre-releases. */
export function newestVersions(
  tools: readonly Pick<Tool, 'slug' | 'version'>[],
): ReadonlyMap<string, string> {
  const versions = new Map<string, string[]>();
  for (const { slug, version } of tools) {
    if (parseVersion(version) === undefined) continue;
    const known = versions.get(slug);
    if (known === undefined) versions.set(slug, [version]);
    else known.push(version);
  }
  return new Map(
    [...versions].flatMap(([slug, all]) => {
      const version = latestVersion(all);
      return version === undefined ? [] : [[slug, version]];
    }),
  );
}

function overridden(
  imported: readonly UnversionedTool[],
  overrides: readonly ApprovedOverride[],
  newest: ReadonlyMap<string, Tool>,
): { readonly tools: UnversionedTool[]; readonly conflicts: ConflictedOverride[] } {
  const bySlug = new Map(overrides.map((override) => [override.slug, override]));
  const conflicts: ConflictedOverride[] = [];
  const laid: OverriddenTool[] = [];
  for (const tool of imported) {
    const override = bySlug.get(tool.slug);
    if (override === undefined) {
      laid.push({ from: tool.slug, tool });
      continue;
    }
    const { slug, revision, patch, base } = override;
    const { result, conflicts: found } = mergeOverride(tool, patch, base);
    const problems = result.ok ? [] : result.problems;
    if (found.length > 0 || problems.length > 0)
      conflicts.push({ slug, revision, conflicts: found, problems });
    const kept = result.ok ? result.tool : (newest.get(patch.rename ?? slug) ?? newest.get(slug));
    if (kept !== undefined) laid.push({ from: slug, tool: withoutVersion(kept), override });
  }
  return { tools: withOwnNames(laid, conflicts), conflicts };
}

interface OverriddenTool {
  /** The name of the tool in the document. */
  readonly from: string;
  readonly tool: UnversionedTool;
  readonly override?: ApprovedOverride;
}

/**
 * Resolves two tools with one name. The one that was renamed by a review keeps the name, because callers know it by
 * that name. The other is left out and added to `conflicts`.
 */
function withOwnNames(laid: readonly OverriddenTool[], conflicts: ConflictedOverride[]): UnversionedTool[] {
  const isRenamed = ({ from, tool }: OverriddenTool): boolean => from !== tool.slug;
  const owners = new Map<string, OverriddenTool>();
  for (const each of [...laid.filter(isRenamed), ...laid.filter((tool) => !isRenamed(tool))]) {
    const owner = owners.get(each.tool.slug);
    if (owner === undefined) owners.set(each.tool.slug, each);
    else if (owner.override !== undefined) {
      const { slug, revision } = owner.override;
      const message = `is also the name of another tool: "${each.from}" of the document is left out`;
      conflicts.push({ slug, revision, conflicts: [{ pointer: '/rename', message }], problems: [] });
    }
  }
  return laid.filter((each) => owners.get(each.tool.slug) === each).map(({ tool }) => tool);
}

function withoutVersion(tool: UnversionedTool & { readonly version?: string }): UnversionedTool {
  const { version: _version, ...rest } = tool;
  return rest;
}
