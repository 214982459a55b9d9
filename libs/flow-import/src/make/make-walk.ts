import { makeOperation } from '../apps/app-choice.js';
import {
  combined,
  helper,
  memberOf,
  not,
  variableOf,
  type Expr,
  type Variable,
} from '../model/expression.js';
import type { NodeLedger } from '../model/node-record.js';
import { endsPath } from '../model/path-end.js';
import type { DraftStep } from '../model/workflow.js';
import { field, plainTextOf } from '../read/fields.js';
import type { ToolChooser } from '../tools/tool-chooser.js';
import { aggregatedValue, collectedValue, isAggregatorOf } from './make-aggregator.js';
import { writeCall } from './make-call.js';
import type { MakeModule } from './make-module.js';
import { makeSite, type MakeContext, type MakeWriter } from './make-site.js';
import { writeModule } from './module-steps.js';

/** A route of a router with the filter before its first module. Without a condition, it always runs. */
interface MakeRoute {
  readonly first: MakeModule;
  readonly others: readonly MakeModule[];
  readonly isFallback: boolean;
  readonly condition: Expr | undefined;
}

/**
 * Writes the modules of a scenario as a tree of steps. Each bundle goes through the rest of the chain before the next,
 * so a module with several bundles opens a loop around everything behind it.
 */
export class MakeWalk implements MakeWriter {
  readonly ledger: NodeLedger;
  readonly tools: ToolChooser;

  constructor(ledger: NodeLedger, tools: ToolChooser) {
    this.ledger = ledger;
    this.tools = tools;
  }

  /** Writes a chain, and gives the context at its end. */
  chain(modules: readonly MakeModule[], context: MakeContext): MakeContext {
    let inner = context;
    for (const [index, module] of modules.entries()) {
      const rest = modules.slice(index + 1);
      if (module.filter !== undefined && module.filter !== null) this.#guard(module, inner);
      if (module.module === 'builtin:BasicRouter') {
        this.#router(module, inner);
        // Nothing stands behind a router in the same list.
        return inner;
      }
      const taken = this.#loop(module, rest, inner);
      if (taken !== undefined) {
        if (taken.behind.length > 0) return this.chain(taken.behind, taken.context);
        return taken.context;
      }
      inner = writeModule(makeSite(module, inner, this));
    }
    return inner;
  }

  /** The filter before a module ends the path of the bundle. */
  #guard(module: MakeModule, context: MakeContext): void {
    const name = plainTextOf(field(module.filter, 'name')) ?? '';
    const reason = name === '' ? `filter before ${module.title}` : name;
    const steps = [{ kind: 'end' as const, reason }];
    const condition = makeSite(module, context, this).condition();
    context.steps.push({
      kind: 'if',
      node: module.key,
      name: reason,
      arms: [{ condition, steps: [] }],
      otherwise: steps,
    });
  }

  /** All routes whose filter holds run, one after the other. A fallback route runs only if no other did. */
  #router(module: MakeModule, context: MakeContext): void {
    this.ledger.check(module.key, 'all-routes');
    if ((module.parameters['else'] ?? null) !== null) {
      const what = 'a fallback route that the router names by a number';
      this.ledger.manual(module.key, what);
      context.steps.push({ kind: 'todo', node: module.key, what: `${module.title}: ${what}` });
    }
    const routes = module.routes.flatMap((route) => this.#routeOf(route, context));
    const others = routes.filter(({ isFallback }) => !isFallback);
    // The conditions of all routes count, because the fallback may stand before them.
    const taken = others.flatMap(({ condition }) => (condition === undefined ? [] : [condition]));
    const isAlwaysTaken = taken.length < others.length;
    for (const [place, { first, others: behind, isFallback, condition }] of routes.entries()) {
      if (isFallback && isAlwaysTaken) {
        this.ledger.dropped(first.key, 'a fallback route beside a route without a filter never runs');
        continue;
      }
      const steps: DraftStep[] = [];
      const open = { ...first, filter: undefined };
      this.chain([open, ...behind], { ...context, steps, depth: context.depth + 1 });
      const isLast = place === routes.length - 1;
      const own: DraftStep[] =
        !isLast && steps.some(endsPath)
          ? [{ kind: 'block', steps, output: { hint: `route ${first.title}` } }]
          : steps;
      const guard = isFallback ? combined(taken.map(not), '&&') : condition;
      if (guard === undefined) context.steps.push(...own);
      else {
        const arm = { condition: guard, steps: own };
        context.steps.push({ kind: 'if', node: first.key, name: first.title, arms: [arm], otherwise: [] });
      }
    }
  }

  #routeOf([first, ...others]: readonly MakeModule[], context: MakeContext): MakeRoute[] {
    if (first === undefined) return [];
    const isFallback = field(first.filter, 'fallback') === true;
    const hasFilter = first.filter !== undefined && first.filter !== null && !isFallback;
    const condition = hasFilter ? makeSite(first, context, this).condition() : undefined;
    return [{ first, others, isFallback, condition }];
  }

  /** A module with several bundles, with everything up to its aggregator as the body of a loop. */
  #loop(
    module: MakeModule,
    rest: readonly MakeModule[],
    context: MakeContext,
  ): { behind: readonly MakeModule[]; context: MakeContext } | undefined {
    const list = this.#listOf(module, context);
    if (list === undefined) return undefined;
    const place = rest.findIndex((one) => isAggregatorOf(module, one));
    const body = place < 0 ? rest : rest.slice(0, place);
    const aggregator = place < 0 ? undefined : rest[place];
    const item: Variable = { hint: `${module.title} item` };
    const steps: DraftStep[] = [];
    const outputs = new Map(context.outputs).set(module.id, { expr: variableOf(item) });
    const inside = this.chain(body, { ...context, steps, outputs, depth: context.depth + 1, inLoop: true });
    const output: Variable = { hint: aggregator?.title ?? `${module.title} results` };
    if (aggregator !== undefined)
      steps.push({ kind: 'return', value: collectedValue(makeSite(aggregator, inside, this)) });
    context.steps.push({
      kind: 'each',
      node: module.key,
      name: `each ${module.title}`,
      list,
      item,
      index: { hint: 'place' },
      steps,
      output,
    });
    this.ledger.check(
      module.key,
      'order',
      'choose a key of the data for each bundle, if the list can change',
    );
    if (aggregator === undefined) return { behind: [], context };
    const result = aggregatedValue(makeSite(aggregator, context, this), variableOf(output));
    const behind = new Map(context.outputs).set(aggregator.id, { expr: result });
    return { behind: rest.slice(place + 1), context: { ...context, outputs: behind } };
  }

  /** The list of a module with several bundles; undefined for one bundle. */
  #listOf(module: MakeModule, context: MakeContext): Expr | undefined {
    if (module.module === 'builtin:BasicFeeder') {
      this.ledger.translated(module.key);
      return helper('toList', makeSite(module, context, this).value(module.mapper['array']));
    }
    const chosen = makeOperation(module.module);
    const action = module.module.split(':')[1] ?? '';
    const isSearch = /^(?:Action)?(?:search|list|filter|find|get(?:Sheet|All|Rows)|watch)/i.test(action);
    if (chosen === undefined || !isSearch) return undefined;
    this.ledger.check(module.key, 'empty-search', 'without a hit, nothing behind it runs');
    const answer = writeCall(makeSite(module, context, this));
    return chosen.operation.items === undefined || chosen.operation.items === ''
      ? helper('toList', answer)
      : memberOf(answer, ...chosen.operation.items.split('.'));
  }
}
