import { literal, variableOf, type Variable } from '../model/expression.js';
import { endsPath } from '../model/path-end.js';
import type { DraftStep } from '../model/workflow.js';
import type { N8nTarget } from './n8n-graph.js';
import { N8nScope, type Current } from './n8n-scope.js';
import type { WalkContext, WalkedGraph, WalkReach } from './n8n-site.js';

/** Paths that met at a Merge node, with the data of each of its inputs. */
type Joined = WalkReach & { readonly inputs: ReadonlyMap<number, Current> };

/** One output with several edges: its paths run one after the other, in the order of the canvas. */
export function writeFanOut(
  targets: readonly N8nTarget[],
  current: Current,
  context: WalkContext,
  walk: WalkedGraph,
): WalkReach | Joined | undefined {
  const merge = mergeOf(targets, context, walk);
  const reaches: WalkReach[] = [];
  const branches: { steps: DraftStep[]; reach: WalkReach | undefined }[] = [];
  for (const [place, target] of targets.entries()) {
    const steps: DraftStep[] = [];
    const stops = merge === undefined ? context.stops : new Set([...context.stops, merge]);
    const scope = new N8nScope(context.scope);
    const reach = walk.follow([target], current, {
      ...context,
      steps,
      stops,
      scope,
      depth: context.depth + 1,
    });
    branches.push({ steps, reach });
    const isLast = place === targets.length - 1;
    const output: Variable = { hint: `path ${target.node}` };
    const isBlock = !isLast && merge === undefined && steps.some(endsPath);
    if (merge !== undefined) continue;
    if (reach !== undefined && isBlock) steps.push({ kind: 'return', value: reach.current.expr });
    context.steps.push(...(isBlock ? [{ kind: 'block' as const, steps, output }] : steps));
    if (reach === undefined) continue;
    if (reaches.length > 0) {
      walk.ledger.manual(reach.target.node, 'several paths lead into it, and it runs once for each');
      context.steps.push({
        kind: 'todo',
        node: reach.target.node,
        what: `run ${reach.target.node} once more`,
      });
    } else
      reaches.push(isBlock ? { ...reach, current: { ...reach.current, expr: variableOf(output) } } : reach);
  }
  if (merge === undefined) return reaches[0];
  return mergedPaths(merge, branches, context);
}
/** Branches that meet at a Merge node run at the same time. */
function mergedPaths(
  merge: string,
  branches: readonly { steps: DraftStep[]; reach: WalkReach | undefined }[],
  context: WalkContext,
): Joined {
  const inputs = new Map<number, Current>();
  const parallel: Extract<DraftStep, { kind: 'all' }>['branches'][number][] = [];
  for (const { steps, reach } of branches) {
    if (reach?.target.node !== merge) {
      context.steps.push({ kind: 'block', steps, output: { hint: 'path' } });
      continue;
    }
    const output: Variable = { hint: reach.current.from };
    if (steps.length > 0) {
      parallel.push({ name: reach.current.from, steps, result: reach.current.expr, output });
      const current = { ...reach.current, expr: variableOf(output) };
      context.scope.learn(reach.current.from, current);
      inputs.set(reach.target.input, current);
    } else inputs.set(reach.target.input, reach.current);
  }
  if (parallel.length > 0) context.steps.push({ kind: 'all', node: merge, branches: parallel });
  const first = [...inputs.values()][0] ?? { expr: literal(undefined), many: false, from: merge };
  return { target: { node: merge, input: 0 }, current: { ...first, many: true }, inputs };
}

function mergeOf(
  targets: readonly N8nTarget[],
  context: WalkContext,
  { graph, onPath }: WalkedGraph,
): string | undefined {
  const sets = targets.map((target) => graph.reachable([target], (name) => context.stops.has(name)));
  return [...(sets[0] ?? [])].find(
    (name) =>
      graph.nodes.get(name)?.type === 'merge' &&
      !context.stops.has(name) &&
      !onPath.has(name) &&
      sets.every((set) => set.has(name)),
  );
}
