import type { Tool } from '@action-mesh/contracts/catalog';
import { isSameJson } from '@action-mesh/kernel';
import { compareVersions, parseVersion, type Problem, type Version } from '@action-mesh/tools';

import { toolKey } from './tool-key.js';

/**
 * Plans the writes and withdrawals after which the record holds the tools that are defined in code.
 *
 * - P1: a version never changes, not even while it is withdrawn. A definition that differs from the recorded one under its
 *   version is refused, and the recorded one stays. Development mode replaces it.
 * - P2: if two definitions claim one version with different content, both are refused. No order decides between them.
 * - P3: a version is withdrawn when its tool is no longer defined. It is also withdrawn when it is newer than every defined
 *   version of its tool (a rollback). Older versions stay, for the calls accepted under them. Both need a
 *   confirmation: a start with other or older sources withdraws nothing by itself.
 * - P4: a mistake withdraws nothing. Tools that a refused definition may stand for stay published.
 */

/** A tool with the place of its definition, for the report. */
export interface SourcedTool {
  readonly source: string;
  readonly tool: Tool;
}

/** A definition, or a whole file, that could not be used. */
export interface Refusal {
  readonly source: string;
  /** Absent: nothing is known about the definitions at this place. */
  readonly slug?: string;
  readonly version?: string;
  readonly problems: readonly Problem[];
}

export interface PublicationRules {
  /** Whether a version may be recorded again with other content. */
  readonly mayReplace: boolean;
  /** Whether the withdrawal of a version, by its key, is confirmed. */
  readonly mayWithdraw: (key: string) => boolean;
}

/** The recorded tools of code, by key. */
export interface RecordedTools {
  readonly inUse: ReadonlyMap<string, Tool>;
  readonly withdrawn: ReadonlyMap<string, Tool>;
}

export interface PublicationPlan {
  readonly publish: readonly Tool[];
  /** Recorded versions with other content now. */
  readonly replace: readonly Tool[];
  /** Record keys of withdrawn versions that are defined again. */
  readonly restore: readonly string[];
  /** Record keys of versions to withdraw. */
  readonly withdraw: readonly string[];
  readonly unchanged: number;
  /** Record keys without a definition that stay because of a refusal (P4). */
  readonly held: readonly string[];
  /** Record keys without a definition that stay until a confirmation (P3). */
  readonly unconfirmed: readonly string[];
  /** The given refusals, and those of P1 and P2. */
  readonly refused: readonly Refusal[];
}

export function planPublication(
  defined: readonly SourcedTool[],
  refused: readonly Refusal[],
  { inUse, withdrawn }: RecordedTools,
  rules: PublicationRules,
): PublicationPlan {
  const { unique, ambiguous } = onePerVersion(defined);
  const changed: Refusal[] = [];
  const publish: Tool[] = [];
  const replace: Tool[] = [];
  const restore: string[] = [];
  let unchanged = 0;
  for (const [key, { source, tool }] of unique) {
    const before = inUse.get(key) ?? withdrawn.get(key);
    if (before === undefined) {
      publish.push(tool);
      continue;
    }
    const fields = changedFields(before, tool);
    if (fields.length > 0 && !rules.mayReplace) {
      changed.push(refusalOfChange(source, tool, fields));
      continue;
    }
    if (fields.length > 0) replace.push(tool);
    if (withdrawn.has(key)) restore.push(key);
    else if (fields.length === 0) unchanged += 1;
  }
  const allRefused = [...refused, ...ambiguous, ...changed];
  const orphans = orphanedKeys(inUse, [...unique.values()], allRefused, rules);
  return { publish, replace, restore, unchanged, ...orphans, refused: allRefused };
}

/**
 * Refuses two different definitions of one version (P2). Equal definitions, such as one tool exported from two files,
 * count as one.
 */
function onePerVersion(defined: readonly SourcedTool[]): {
  readonly unique: ReadonlyMap<string, SourcedTool>;
  readonly ambiguous: readonly Refusal[];
} {
  const unique = new Map<string, SourcedTool>();
  const clashes = new Map<string, SourcedTool[]>();
  for (const found of defined) {
    const key = toolKey(found.tool);
    const first = unique.get(key);
    if (first === undefined) unique.set(key, found);
    else if (changedFields(first.tool, found.tool).length > 0) {
      clashes.set(key, [...(clashes.get(key) ?? [first]), found]);
    }
  }
  const ambiguous: Refusal[] = [];
  for (const [key, clash] of clashes) {
    unique.delete(key);
    for (const { source, tool } of clash) {
      const others = clash.map((other) => other.source).filter((other) => other !== source);
      ambiguous.push(
        refusal(source, tool, '', `is also defined, with other content, in ${others.join(', ')}`),
      );
    }
  }
  return { unique, ambiguous };
}

/** The keys to withdraw, and those to keep (P3, P4). */
function orphanedKeys(
  published: ReadonlyMap<string, Tool>,
  defined: readonly SourcedTool[],
  refused: readonly Refusal[],
  { mayWithdraw }: PublicationRules,
): Pick<PublicationPlan, 'withdraw' | 'held' | 'unconfirmed'> {
  const definedKeys = new Set(defined.map(({ tool }) => toolKey(tool)));
  const newest = newestBySlug(defined.map(({ tool }) => tool));
  const suspects = new Set(refused.map(({ slug }) => slug));
  const withdraw: string[] = [];
  const held: string[] = [];
  const unconfirmed: string[] = [];
  for (const [key, tool] of published) {
    if (definedKeys.has(key)) continue;
    const latest = newest.get(tool.slug);
    const version = parseVersion(tool.version);
    if (latest !== undefined && version !== undefined && compareVersions(version, latest) < 0) continue;
    if (suspects.has(undefined) || suspects.has(tool.slug)) held.push(key);
    else if (mayWithdraw(key)) withdraw.push(key);
    else unconfirmed.push(key);
  }
  return { withdraw, held, unconfirmed };
}

function newestBySlug(tools: readonly Tool[]): ReadonlyMap<string, Version> {
  const newest = new Map<string, Version>();
  for (const { slug, version: text } of tools) {
    const version = parseVersion(text);
    const known = newest.get(slug);
    if (version === undefined || (known !== undefined && compareVersions(version, known) <= 0)) continue;
    newest.set(slug, version);
  }
  return newest;
}

/** Names of the parts in which the two differ. The order of members does not matter. */
function changedFields(before: Tool, after: Tool): (keyof Tool)[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Tool>;
  return [...names].filter((name) => !isSameJson(before[name], after[name])).sort();
}

function refusalOfChange(source: string, tool: Tool, fields: readonly string[]): Refusal {
  const message = `differs from the recorded ${tool.version} in: ${fields.join(', ')}. The recorded definition stays; give the new one another version`;
  return refusal(source, tool, '/version', message);
}

function refusal(source: string, { slug, version }: Tool, pointer: string, message: string): Refusal {
  return { source, slug, version, problems: [{ pointer, message }] };
}
