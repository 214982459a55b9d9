import { literal, variableOf, type Expr, type Variable } from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';
import { writeBranch } from './branch-paths.js';
import { writeFanOut } from './fan-out.js';
import type { N8nNode, N8nTarget } from './n8n-graph.js';
import { N8nScope, type Current } from './n8n-scope.js';
import type { N8nWriter, NodeOutcome, WalkContext, WalkedGraph, WalkReach } from './n8n-site.js';
import { nodeSite, type WalkOptions } from './node-site.js';

const deepest = 40;

/**
 * Writes the graph behind a trigger as a tree of steps.
 *
 * - NW1: a walk writes each node once for each path to it, and `2 × nodes + 20` nodes in all.
 * - NW2: one item is a plain variable; a list opens one loop around the longest chain of nodes that work per item.
 * - NW3: branches join at the first node that all of them reach. An edge into another branch is left to a person.
 */
export class N8nWalk implements N8nWriter {
  readonly #options: WalkOptions;
  readonly #path = new Set<string>();
  readonly #written = new Map<string, number>();
  readonly #walked: WalkedGraph;
  #budget: number;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#budget = 2 * options.graph.nodes.size + 20;
    this.#walked = {
      graph: options.graph,
      ledger: options.ledger,
      onPath: this.#path,
      follow: (targets, current, context) => this.follow(targets, current, context),
    };
  }

  /** Writes everything behind the targets, and gives the stop at which the walk ended. */
  follow(targets: readonly N8nTarget[], current: Current, context: WalkContext): WalkReach | undefined {
    const [first, ...others] = targets;
    if (first === undefined) return undefined;
    if (others.length === 0) return this.#chain(first, current, context);
    const joined = writeFanOut(targets, current, context, this.#walked);
    return joined !== undefined && 'inputs' in joined
      ? this.#chain(joined.target, joined.current, context, joined.inputs)
      : joined;
  }

  #chain(
    start: N8nTarget,
    given: Current,
    context: WalkContext,
    merged?: ReadonlyMap<number, Current>,
  ): WalkReach | undefined {
    const entered: string[] = [];
    let target: N8nTarget | undefined = start;
    let current = given;
    let inputs = merged;
    try {
      while (target !== undefined) {
        const node = this.#options.graph.nodes.get(target.node);
        if (node === undefined) return undefined;
        const isList = this.#options.isListNode(node);
        if (context.stops.has(node.name) || (context.stopsAtLists && isList)) return { target, current };
        if (!this.#enter(node, context)) return undefined;
        entered.push(node.name);
        const next: NodeOutcome = this.#visit(node, target, current, inputs, context, isList);
        inputs = undefined;
        if (next.kind === 'stopped') return next.reach;
        current = next.current;
        if (!next.hidden) context.scope.learn(node.name, current);
        if (next.targets.length > 1) return this.follow(next.targets, current, context);
        target = next.targets[0];
      }
      return undefined;
    } finally {
      for (const name of entered) this.#path.delete(name);
    }
  }

  /** Whether the node may be written here. Otherwise a `todo` stands for it. */
  #enter(node: N8nNode, context: WalkContext): boolean {
    const why = this.#path.has(node.name)
      ? 'a cycle without a Loop Over Items node'
      : context.depth > deepest
        ? `branches nested deeper than ${deepest} levels`
        : (this.#budget -= 1) < 0
          ? 'too many paths lead to it'
          : undefined;
    if (why === undefined) {
      this.#path.add(node.name);
      const times = (this.#written.get(node.name) ?? 0) + 1;
      this.#written.set(node.name, times);
      if (times > 1) this.#options.ledger.check(node.name, 'duplicated');
      return true;
    }
    this.#options.ledger.manual(node.name, why);
    context.steps.push({ kind: 'todo', node: node.name, what: `${node.name}: ${why}` });
    return false;
  }

  #visit(
    node: N8nNode,
    target: N8nTarget,
    current: Current,
    inputs: ReadonlyMap<number, Current> | undefined,
    context: WalkContext,
    isList: boolean,
  ): NodeOutcome {
    const { graph, ledger, translatorOf } = this.#options;
    if (node.disabled) {
      ledger.dropped(node.name, 'it is disabled');
      return { kind: 'next', current, targets: graph.targets(node.name, 0) };
    }
    let data = current;
    if (data.many && !isList) {
      if (node.raw['executeOnce'] !== true) return this.#eachItem(node, target, current, context);
      ledger.check(node.name, 'items-n', 'it takes only the first item');
      data = { ...data, expr: { kind: 'index', of: data.expr, index: literal(0) }, many: false };
    }
    if (node.raw['alwaysOutputData'] === true)
      ledger.check(node.name, 'items-n', 'it goes on without any item');
    return translatorOf(node.type)(nodeSite(node, data, context, inputs, this, this.#options));
  }

  /** One loop around the chain of nodes that work per item (NW2). */
  #eachItem(node: N8nNode, target: N8nTarget, current: Current, context: WalkContext): NodeOutcome {
    this.#path.delete(node.name);
    this.#budget += 1;
    this.#written.set(node.name, (this.#written.get(node.name) ?? 1) - 1);
    const { step, reach } = this.loop(node, current, [target], context, new Set(), true);
    this.#path.add(node.name);
    context.steps.push(step);
    if (reach === undefined) return { kind: 'stopped', reach: undefined };
    const list: Current = { expr: variableOf(step.output), many: true, from: reach.current.from };
    context.scope.learn(reach.current.from, list);
    return { kind: 'next', current: list, targets: [reach.target], hidden: true };
  }

  /** The loop over a list. Its body ends at `stops`, and gives the value there. */
  loop(
    node: N8nNode,
    over: Current,
    targets: readonly N8nTarget[],
    context: WalkContext,
    stops: ReadonlySet<string>,
    stopsAtLists: boolean,
    list: Expr = over.expr,
    bodyIsMany = false,
  ): { step: Extract<DraftStep, { kind: 'each' }>; reach: WalkReach | undefined } {
    const item: Variable = { hint: stopsAtLists ? `${over.from} item` : `${node.name} item` };
    const index: Variable = { hint: 'place' };
    const scope = new N8nScope(context.scope, index);
    const current: Current = { expr: variableOf(item), many: bodyIsMany, from: over.from };
    scope.learn(over.from, current);
    if (!stopsAtLists) scope.learn(node.name, current);
    const steps: DraftStep[] = [];
    const reach = this.follow(targets, current, {
      steps,
      stops: stopsAtLists ? context.stops : new Set([...context.stops, ...stops]),
      stopsAtLists,
      scope,
      depth: context.depth + 1,
    });
    if (reach !== undefined) steps.push({ kind: 'return', value: reach.current.expr });
    const output: Variable = { hint: `${node.name} results` };
    return {
      step: { kind: 'each', node: node.name, name: `each ${node.name}`, list, item, index, steps, output },
      reach,
    };
  }

  branch(
    node: N8nNode,
    arms: readonly { condition: Expr | undefined; targets: readonly N8nTarget[] }[],
    current: Current,
    context: WalkContext,
  ): NodeOutcome {
    return writeBranch(node, arms, current, context, this.#walked);
  }
}
