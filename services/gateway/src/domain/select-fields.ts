import { memberName, withChildren, type JsonNode } from '@action-mesh/kernel';

import type { FieldPaths } from './field-paths.js';

type Step = FieldPaths['root'];

/** The selected part of a value. */
export interface SelectedFields {
  /** The values of the paths at their places. Undefined when the paths lead into a text, a number or a literal. */
  readonly node: JsonNode | undefined;
  /** The paths that lead to no value. */
  readonly missing: readonly string[];
}

/**
 * Selects the values of some paths. Objects and arrays on the way stay, without their other members and items. Time is
 * linear in the value for each path.
 */
export function selectFields(root: JsonNode, { texts, root: first }: FieldPaths): SelectedFields {
  const found = new Set<number>();
  const node = select(root, [first], found);
  return { node, missing: texts.filter((_, path) => !found.has(path)) };
}

function select(node: JsonNode, steps: readonly Step[], found: Set<number>): JsonNode | undefined {
  for (const { ends } of steps) for (const path of ends) found.add(path);
  const isWhole = steps.some(({ ends }) => ends.length > 0);
  if (node.kind !== 'object' && node.kind !== 'array') return isWhole ? node : undefined;
  // Longer paths lead into a value that is selected as a whole. They are followed to learn whether they exist.
  const inner = steps.filter(goesOn);
  const children: JsonNode[] = [];
  if (inner.length > 0) {
    for (const [index, child] of node.children.entries()) {
      const next = stepsTo(node.kind === 'object' ? memberName(child) : index, inner);
      const selected = next.length === 0 ? undefined : select(child, next, found);
      if (selected !== undefined) children.push(selected);
    }
  }
  return isWhole ? node : withChildren(node, children);
}

function goesOn({ names, indexes, every }: Step): boolean {
  return names.size > 0 || indexes.size > 0 || every !== undefined;
}

function stepsTo(key: string | number, steps: readonly Step[]): Step[] {
  const next: Step[] = [];
  for (const { names, indexes, every } of steps) {
    const step = typeof key === 'string' ? names.get(key) : indexes.get(key);
    if (step !== undefined) next.push(step);
    if (every !== undefined) next.push(every);
  }
  return next;
}
