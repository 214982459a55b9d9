import type { Tool } from '@action-mesh/contracts/catalog';
import { isSameJson } from '@action-mesh/kernel';
import { compareVersions, parseVersion, type Problem, type Version } from '@action-mesh/tools';

import { toolKey } from './tool-key.js';

/**
 * What has to be written down and withdrawn so that the record holds the tools that are defined in code.
 *
 * - P1: a version never changes, not even while it is withdrawn: a definition that differs from what is on record under its
 *   version is refused and the one on record stays. Development mode replaces it.
 * - P2: the same version defined twice with different content is refused altogether; no order decides which
 *   one wins.
 * - P3: a version is withdrawn when its tool is defined no more, or when it is newer than everything that is
 *   defined of its tool (a rollback). Older versions stay, for the calls that were accepted under them.
 *   Either needs a yes: a start with other sources, or with older ones, withdraws nothing by itself.
 * - P4: a mistake withdraws nothing. What a refused definition may have stood for stays published.
 */

/** A tool and where it was found, for the report. */
export interface SourcedTool {
  readonly source: string;
  readonly tool: Tool;
}

/** A definition, or a whole file, that could not be used. */
export interface Refusal {
  readonly source: string;
  /** Absent when nothing is known about what was to be defined there. */
  readonly slug?: string;
  readonly version?: string;
  readonly problems: readonly Problem[];
}

export interface PublicationRules {
  /** Whether a version may be written down again with other content. */
  readonly mayReplace: boolean;
  /** Whether there is a yes to the withdrawal of a version, by its key. */
  readonly mayWithdraw: (key: string) => boolean;
}

/** The tools of code on record, by key. */
export interface RecordedTools {
  readonly inUse: ReadonlyMap<string, Tool>;
  readonly withdrawn: ReadonlyMap<string, Tool>;
}

export interface PublicationPlan {
  readonly publish: readonly Tool[];
  /** Those on record whose content is another now. */
  readonly replace: readonly Tool[];
  /** Record keys of withdrawn versions that are defined again. */
  readonly restore: readonly string[];
  /** Record keys. */
  readonly withdraw: readonly string[];
  readonly unchanged: number;
  /** Record keys that nothing defines and that stay because of a refusal (P4). */
  readonly held: readonly string[];
  /** Record keys that nothing defines and that stay for want of a yes (P3). */
  readonly unconfirmed: readonly string[];
  /** The refusals that were given, and those of P1 and P2. */
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

/** P2. Equal definitions, such as one tool exported from two files, are one. */
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

/** P3 and P4. */
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

/** Names of the parts in which the two differ; the order of members within them says nothing. */
function changedFields(before: Tool, after: Tool): (keyof Tool)[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Tool>;
  return [...names].filter((name) => !isSameJson(before[name], after[name])).sort();
}

function refusalOfChange(source: string, tool: Tool, fields: readonly string[]): Refusal {
  const message = `differs from what is on record as ${tool.version} in: ${fields.join(', ')}. The one on record stays; give the new one a new version`;
  return refusal(source, tool, '/version', message);
}

function refusal(source: string, { slug, version }: Tool, pointer: string, message: string): Refusal {
  return { source, slug, version, problems: [{ pointer, message }] };
}
