import { combined, literal, not, variableOf, type Expr, type Variable } from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';
import type { N8nNode, N8nTarget } from './n8n-graph.js';
import { N8nScope, type Current } from './n8n-scope.js';
import type { NodeOutcome, WalkContext, WalkedGraph } from './n8n-site.js';

/** A rule and the nodes behind its output. The arm without a condition takes what no rule takes. */
interface Arm {
  readonly condition: Expr | undefined;
  readonly targets: readonly N8nTarget[];
}

/** The paths of a branch. They join at the first node that several of them reach (NW3). */
export function writeBranch(
  node: N8nNode,
  arms: readonly Arm[],
  current: Current,
  context: WalkContext,
  walk: WalkedGraph,
): NodeOutcome {
  const busy = arms.filter(({ targets }) => targets.length > 0);
  const [only] = busy;
  if (only === undefined) return { kind: 'stopped', reach: undefined };
  const end: DraftStep = { kind: 'end', reason: node.name };
  if (busy.length === 1) {
    const condition = conditionOfArm(only, arms);
    context.steps.push({
      kind: 'if',
      node: node.name,
      name: node.name,
      arms: [{ condition, steps: [] }],
      otherwise: [end],
    });
    return { kind: 'next', current, targets: only.targets };
  }
  const join = joinOf(
    busy.map(({ targets }) => targets),
    context,
    walk,
  );
  const walked = arms.map(({ condition, targets }) => {
    const steps: DraftStep[] = [];
    const stops = join === undefined ? context.stops : new Set([...context.stops, join]);
    const scope = new N8nScope(context.scope);
    const inner = { ...context, steps, stops, scope, depth: context.depth + 1 };
    return { condition, steps, reach: walk.follow(targets, current, inner) };
  });
  const goal = walked.find(({ reach }) => reach !== undefined)?.reach?.target;
  const output: Variable = { hint: `after ${node.name}` };
  const closed = walked.map(({ condition, steps, reach }) => {
    if (reach === undefined) {
      // An arm that ends must not run into the steps behind the join.
      if (goal !== undefined) steps.push(end);
      return { condition, steps };
    }
    if (reach.target.node === goal?.node) return { condition, steps, result: reach.current.expr };
    walk.ledger.manual(reach.target.node, `an edge from ${node.name} leads into another branch`);
    steps.push({ kind: 'todo', node: reach.target.node, what: `go on at ${reach.target.node}` }, end);
    return { condition, steps };
  });
  const otherwise = closed.find(({ condition }) => condition === undefined);
  context.steps.push({
    kind: 'if',
    node: node.name,
    name: node.name,
    arms: closed.flatMap(({ condition, ...arm }) => (condition === undefined ? [] : [{ condition, ...arm }])),
    otherwise: otherwise?.steps ?? (goal === undefined ? [] : [end]),
    ...(otherwise?.result === undefined ? {} : { otherwiseResult: otherwise.result }),
    output,
  });
  if (goal === undefined) return { kind: 'stopped', reach: undefined };
  const results = walked.flatMap(({ reach }) => (reach === undefined ? [] : [reach.current]));
  const many = results.some((result) => result.many);
  const from = results[0]?.from ?? node.name;
  const same = results.every(
    ({ expr }) => JSON.stringify(expr) === JSON.stringify(current.expr) && expr === current.expr,
  );
  const joined: Current = same ? current : { expr: variableOf(output), many, from };
  return { kind: 'next', current: joined, targets: [goal], hidden: true };
}

function joinOf(
  arms: readonly (readonly N8nTarget[])[],
  context: WalkContext,
  { graph, onPath }: WalkedGraph,
): string | undefined {
  const until = (name: string) => context.stops.has(name);
  const counts = new Map<string, number>();
  for (const targets of arms) {
    for (const name of graph.reachable(targets, until)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const shared = [...counts].filter(([name, count]) => count > 1 && !onPath.has(name)).map(([name]) => name);
  const first = shared.find((name) => {
    const behind = graph.reachable([{ node: name, input: 0 }], until);
    return shared.every((other) => behind.has(other));
  });
  return first;
}

/** The first rule that holds takes an item, also when nothing is connected to its output. */
function conditionOfArm(arm: Arm, arms: readonly Arm[]): Expr {
  const others = arm.condition === undefined ? arms : arms.slice(0, arms.indexOf(arm));
  const taken = combined(
    others.flatMap(({ condition }) => (condition === undefined ? [] : [condition])),
    '||',
  );
  const own = [
    ...(taken === undefined ? [] : [not(taken)]),
    ...(arm.condition === undefined ? [] : [arm.condition]),
  ];
  return combined(own, '&&') ?? literal(true);
}
