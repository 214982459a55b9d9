import { collapsedInput } from '../collapsed-input.js';
import { memberPointer } from '../problem.js';
import { isObject } from '../validate/json-object.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { tokenCost } from './token-cost.js';

/** The most tokens of a tool that is shown in full. */
const budget = 2_000;
/** The fewest characters of a member that is replaced by a hint. */
const smallest = 200;
const plainReference = /^#(\/\$defs\/[\w.-]+)?$/;
const inPlace = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const below = ['items', 'additionalProperties', 'then', 'else'] as const;

/** The tokens of a tool in a prompt, and the places where its input is collapsed to save them. */
export interface ShownCost {
  readonly token_cost: number;
  /** JSON pointers into the input. Absent if the input is shown in full. */
  readonly collapsed?: string[];
}

/**
 * Collapses optional members of an input that takes more tokens than the budget: the deepest first, and no more than
 * needed. A required member is never hidden, so a tool may stay above the budget.
 */
export function shownCost(slug: string, description: string, input: JsonSchema): ShownCost {
  const full = tokenCost(slug, description, input);
  if (full <= budget) return { token_cost: full };
  const pointers = optionalBranches(input);
  const cost = (count: number): number =>
    tokenCost(slug, description, collapsedInput(input, pointers.slice(0, count)));
  let [low, high] = [0, pointers.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (cost(middle) <= budget) high = middle;
    else low = middle + 1;
  }
  const shown = cost(low);
  return low === 0 || shown >= full
    ? { token_cost: full }
    : { token_cost: shown, collapsed: pointers.slice(0, low) };
}

interface Place {
  readonly schema: unknown;
  readonly pointer: string;
  readonly depth: number;
}

/** Members that no schema requires: the deepest first, and at each depth the largest first. */
function optionalBranches(input: JsonSchema): string[] {
  const found: { readonly pointer: string; readonly depth: number; readonly size: number }[] = [];
  const asked = requiredElsewhere(input);
  if (asked === undefined) return [];
  const seen = new Set<string>();
  const waiting: Place[] = [{ schema: input, pointer: '', depth: 0 }];
  // The loop also visits the elements added during the loop. It goes level by level, so each definition gets its
  // least depth.
  for (const { schema, pointer, depth } of waiting) {
    if (!isObject(schema) || seen.has(pointer)) continue;
    seen.add(pointer);
    const { properties, required, $ref: reference } = schema;
    const own: readonly unknown[] = Array.isArray(required) ? required : [];
    for (const [name, child] of Object.entries(isObject(properties) ? properties : {})) {
      const at = memberPointer(`${pointer}/properties`, name);
      const size = JSON.stringify(child).length;
      const isBranch = isObject(child) && (size >= smallest || child['$ref'] !== undefined);
      if (isBranch && !own.includes(name) && !asked.has(name)) found.push({ pointer: at, depth, size });
      waiting.push({ schema: child, pointer: at, depth: depth + 1 });
    }
    if (typeof reference === 'string' && reference.startsWith('#/$defs/') && isObject(input['$defs'])) {
      const name = reference.slice('#/$defs/'.length);
      waiting.push({ schema: input['$defs'][name], pointer: memberPointer('/$defs', name), depth });
    }
    for (const keyword of inPlace) {
      const list = schema[keyword];
      for (const [index, child] of (Array.isArray(list) ? (list as unknown[]) : []).entries())
        waiting.push({ schema: child, pointer: `${pointer}/${keyword}/${index}`, depth });
    }
    for (const keyword of below)
      waiting.push({ schema: schema[keyword], pointer: `${pointer}/${keyword}`, depth: depth + 1 });
  }
  return found
    .sort(
      (left, right) =>
        right.depth - left.depth || right.size - left.size || (left.pointer < right.pointer ? -1 : 1),
    )
    .map(({ pointer }) => pointer);
}

/**
 * Names that a schema requires and does not describe. Another part of the same object may describe them. `undefined`
 * if a reference leads to anything but a definition, because its target could be in a collapsed member.
 */
function requiredElsewhere(input: JsonSchema): ReadonlySet<unknown> | undefined {
  const names = new Set<unknown>();
  const waiting: unknown[] = [input];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (isObject(next)) {
      const { properties, required, $ref: reference, dependentRequired } = next;
      if (typeof reference === 'string' && !plainReference.test(reference)) return undefined;
      const own = isObject(properties) ? properties : {};
      const listed: readonly unknown[] = Array.isArray(required) ? required : [];
      for (const name of listed) if (!Object.hasOwn(own, String(name))) names.add(name);
      for (const list of Object.values(isObject(dependentRequired) ? dependentRequired : {}))
        for (const name of Array.isArray(list) ? (list as unknown[]) : []) names.add(name);
    }
    for (const child of Object.values(next) as unknown[])
      if (child !== null && child !== undefined) waiting.push(child);
  }
  return names;
}
