import type { Tool, ToolDifference } from '@action-mesh/contracts/catalog';
import { majorVersion } from '@action-mesh/tools';

import { worstOf } from './change.js';
import { compareTools, nextVersion, type UnversionedTool } from './tool-change.js';

/** A dated version of a toolkit: which version of each tool belongs to it. */
export interface Release {
  readonly version: string;
  readonly tools: Readonly<Record<string, string>>;
}

export interface ReleasePlan {
  /** Versions that are not written down yet. */
  readonly newTools: readonly Tool[];
  /** Absent: the toolkit holds what it held. */
  readonly release?: Release;
  /** Against the release before; empty where there was none. */
  readonly differences: readonly ToolDifference[];
}

/** What a toolkit has been until now. */
export interface ToolkitHistory {
  /** The newest version of every tool that ever was in it, in or out of use. */
  readonly newest: ReadonlyMap<string, Tool>;
  /** The newest release. */
  readonly last?: Release;
  /** Every date that is taken. */
  readonly dates: readonly string[];
}

/**
 * The next release of a toolkit out of tools without versions: what did not change keeps its version, and what changed gets
 * one that says how. `today`: `YYYY-MM-DD`.
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
      ...(was === undefined ? {} : { was }),
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
 * Whether whoever follows a channel from the one to the other may find that something works no longer: a tool that is gone
 * without leaving its name to another, or one of another major version.
 */
export function isBreaking(from: Release, to: Release, formerNames: ReadonlySet<string>): boolean {
  return Object.entries(from.tools).some(([slug, was]) => {
    const is = versionIn(to, slug);
    if (is === undefined) return !formerNames.has(slug);
    return majorVersion(is) !== majorVersion(was);
  });
}

/** Names are data: `constructor` is one. */
function versionIn(release: Release | undefined, slug: string): string | undefined {
  return release !== undefined && Object.hasOwn(release.tools, slug) ? release.tools[slug] : undefined;
}

/** The day, or the day with the number after the greatest that is taken. */
export function nextDate(today: string, taken: readonly string[]): string {
  const numbers = taken
    .filter((date) => date === today || date.startsWith(`${today}.`))
    .map((date) => Number(date.split('.')[1] ?? '1'));
  return numbers.length === 0 ? today : `${today}.${Math.max(...numbers) + 1}`;
}
