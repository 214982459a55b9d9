import { isSameJson } from '@action-mesh/kernel';
import { memberPointer } from '@action-mesh/tools';

import type { SchemaObject } from './json-schema.js';
import type { JudgedTool } from './judge-tool.js';
import { applyOverride } from './override.js';
import { replacedParts, type ArgumentPatch, type OverridePatch } from './override-patch.js';
import type { UnversionedTool } from './tool-change.js';

/**
 * The tool's values at the places of a patch when the patch was written, by JSON pointer into the patch. Null: there
 * was none.
 */
export type OverrideBase = Readonly<Record<string, unknown>>;

/** A place that the team and the document have both changed, in different ways. */
export interface OverrideConflict {
  /** JSON pointer into the patch. */
  readonly pointer: string;
  readonly message: string;
}

export interface MergedOverride {
  readonly result: JudgedTool;
  readonly conflicts: readonly OverrideConflict[];
}

/** The values of the tool that the patch replaces. A later import is compared with them. */
export function overrideBaseOf(tool: UnversionedTool, patch: OverridePatch): OverrideBase {
  return Object.fromEntries(placesOf(patch).map((place) => [place.pointer, place.read(tool) ?? null]));
}

/**
 * Lays a patch over a tool that may have changed since. It is a three-way merge of the original, the patch, and the
 * present document. If only one side changed a place, that side counts. If both did, the patch stays in force, because
 * it was reviewed, and the conflict is listed. A patch of an argument that is gone is left out and listed too.
 */
export function mergeOverride(
  tool: UnversionedTool,
  patch: OverridePatch,
  base: OverrideBase,
): MergedOverride {
  const conflicts: OverrideConflict[] = [];
  const gone = new Set(
    Object.keys(patch.arguments ?? {}).filter((name) => propertyOf(tool, name) === undefined),
  );
  for (const name of gone) {
    conflicts.push({
      pointer: memberPointer('/arguments', name),
      message: 'the document has no such argument any more',
    });
  }
  for (const { pointer, argument, read, wanted } of placesOf(patch)) {
    if (argument !== undefined && gone.has(argument)) continue;
    const now = read(tool);
    if (isSameJson(now ?? null, base[pointer] ?? null) || isSameJson(now, wanted)) continue;
    conflicts.push({
      pointer,
      message: 'the document has changed here since the override was written',
    });
  }
  return { result: applyOverride(tool, without(patch, gone)), conflicts };
}

interface Place {
  readonly pointer: string;
  readonly argument?: string;
  readonly wanted: unknown;
  readonly read: (tool: UnversionedTool) => unknown;
}

function placesOf(patch: OverridePatch): Place[] {
  const parts: Place[] = replacedParts
    .filter((name) => patch[name] !== undefined)
    .map((name) => ({ pointer: `/${name}`, wanted: patch[name], read: (tool) => tool[name] }));
  const inArguments = Object.entries(patch.arguments ?? {}).flatMap(([argument, argumentPatch]) =>
    argumentPlaces(argument, argumentPatch),
  );
  return [...parts, ...inArguments];
}

function argumentPlaces(argument: string, patch: ArgumentPatch): Place[] {
  const pointer = memberPointer('/arguments', argument);
  const texts = (['description', 'examples', 'enum', 'default'] as const)
    .filter((keyword) => patch[keyword] !== undefined)
    .map(
      (keyword): Place => ({
        pointer: `${pointer}/${keyword}`,
        argument,
        wanted: patch[keyword],
        read: (tool) => propertyOf(tool, argument)?.[keyword],
      }),
    );
  if (patch.hidden === undefined) return texts;
  // A value was chosen for the argument at that time. Another type or another set of values needs a new review.
  const read = (tool: UnversionedTool): unknown => {
    const {
      description: _description,
      examples: _examples,
      title: _title,
      ...rest
    } = propertyOf(tool, argument) ?? {};
    return rest;
  };
  return [...texts, { pointer: `${pointer}/hidden`, argument, wanted: undefined, read }];
}

function propertyOf(tool: UnversionedTool, name: string): SchemaObject | undefined {
  const properties = (tool.input['properties'] ?? {}) as Readonly<Record<string, SchemaObject>>;
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function without(patch: OverridePatch, gone: ReadonlySet<string>): OverridePatch {
  if (gone.size === 0) return patch;
  const kept = Object.entries(patch.arguments ?? {}).filter(([name]) => !gone.has(name));
  return { ...patch, arguments: Object.fromEntries(kept) };
}
