import type { Tool, ToolDifference } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
import { majorVersion } from '@action-mesh/tools';

import { worstOf } from './change.js';
import { compareTools, nextVersion, type UnversionedTool } from './tool-change.js';

/** A dated version of a toolkit: the version of each tool that belongs to it. */
export interface Release {
  readonly version: string;
  readonly tools: Readonly<Record<string, string>>;
}

export interface ReleasePlan {
  /** Versions that are not recorded yet. */
  readonly newTools: readonly Tool[];
  /** Absent: the content of the toolkit did not change. */
  readonly release?: Release;
  /** The differences from the release before; empty for the first release. */
  readonly differences: readonly ToolDifference[];
}

/** The history of a toolkit. */
export interface ToolkitHistory {
  /** The newest version of every tool that was ever in it, withdrawn or not. */
  readonly newest: ReadonlyMap<string, Tool>;
  /** The newest release. */
  readonly last?: Release;
  /** Every date in use. */
  readonly dates: readonly string[];
}

/**
 * Plans the next release of a toolkit from tools without versions. An unchanged tool keeps its version. A changed one
 * gets a version that shows the kind of the change. `today`: `YYYY-MM-DD`.
 */
export function planRelease(
  tools: readonly UnversionedTool[],
  history: ToolkitHistory,
  today: string,
): ReleasePlan {
  const newTools: Tool[] = [];
  const held: Record<string, string> = {};
  const differences: ToolDifference[] = [];
  for (const tool of tools) {
    const before = history.newest.get(tool.slug);
    const changes = before === undefined ? [] : compareTools(before, tool);
    const isNew = before === undefined || changes.length > 0;
    const version =
      before === undefined ? '1.0.0' : isNew ? nextVersion(before.version, changes) : before.version;
    if (isNew) newTools.push({ ...tool, version });
    held[tool.slug] = version;
    const was = versionIn(history.last, tool.slug);
    if (history.last === undefined || was === version) continue;
    differences.push({
      slug: tool.slug,
      ...defined({ was }),
      is: version,
      kind: was === undefined ? 'compatible' : (worstOf(changes) ?? 'compatible'),
      changes,
    });
  }
  const renamed = new Set(tools.flatMap(({ aliases }) => aliases));
  for (const [slug, was] of Object.entries(history.last?.tools ?? {})) {
    if (Object.hasOwn(held, slug)) continue;
    const kind = renamed.has(slug) ? 'compatible' : 'breaking';
    const message = kind === 'breaking' ? 'is gone' : 'has another name';
    differences.push({ slug, was, kind, changes: [{ kind, pointer: '', message }] });
  }
  if (history.last !== undefined && differences.length === 0) return { newTools, differences };
  return { newTools, differences, release: { version: nextDate(today, history.dates), tools: held } };
}

/**
 * Whether a move of a channel from one release to the other can break callers. It can if a tool is gone and its name is
 * not an alias now, or if a tool has another major version.
 */
export function isBreaking(from: Release, to: Release, formerNames: ReadonlySet<string>): boolean {
  return Object.entries(from.tools).some(([slug, was]) => {
    const is = versionIn(to, slug);
    if (is === undefined) return !formerNames.has(slug);
    return majorVersion(is) !== majorVersion(was);
  });
}

/** Reads the version of a tool. Names are data: `constructor` is a possible name. */
function versionIn(release: Release | undefined, slug: string): string | undefined {
  return release !== undefined && Object.hasOwn(release.tools, slug) ? release.tools[slug] : undefined;
}

/** The day, or the day with the number after the greatest one in use. */
export function nextDate(today: string, taken: readonly string[]): string {
  const numbers = taken
    .filter((date) => date === today || date.startsWith(`${today}.`))
    .map((date) => Number(date.split('.')[1] ?? '1'));
  return numbers.length === 0 ? today : `${today}.${Math.max(...numbers) + 1}`;
}
