import type { JsonValue } from '@action-mesh/kernel';

import { memberOf, variableOf, type Expr, type Variable } from '../model/expression.js';
import type { NodeLedger } from '../model/node-record.js';
import type { DraftStep } from '../model/workflow.js';
import { field } from '../read/fields.js';
import type { ToolChooser } from '../tools/tool-chooser.js';
import { makeValue, type MakePlace } from './make-expression.js';
import { makeFilter } from './make-filter.js';
import type { MakeModule } from './make-module.js';

/** The value of a module for later modules. */
export interface MakeOutput {
  readonly expr: Expr;
  /** Members that the tool's result does not have, such as `data` of an HTTP answer. */
  readonly skips?: string;
}

/** The place where steps are added, and the values that they can read. */
export interface MakeContext {
  readonly steps: DraftStep[];
  readonly outputs: ReadonlyMap<string, MakeOutput>;
  readonly depth: number;
  /** Within a loop: waits are pacing. */
  readonly inLoop: boolean;
}

/** The walk as its parts see it. */
export interface MakeWriter {
  readonly ledger: NodeLedger;
  readonly tools: ToolChooser;
  /** Writes a chain of modules, and gives the context at its end. */
  readonly chain: (modules: readonly MakeModule[], context: MakeContext) => MakeContext;
}

/** A module and everything that its translation needs. */
export interface MakeSite extends MakeWriter {
  readonly module: MakeModule;
  readonly context: MakeContext;
  readonly flag: MakePlace['flag'];
  /** A parameter as an expression of the draft. */
  readonly value: (json: JsonValue | undefined) => Expr;
  /** The filter before the module as a condition. */
  readonly condition: () => Expr;
}

/** The site of a module at a place of the draft. */
export function makeSite(module: MakeModule, context: MakeContext, walk: MakeWriter): MakeSite {
  const flag: MakePlace['flag'] = (hazard, note) => walk.ledger.check(module.key, hazard, note);
  const manual = (why: string) => walk.ledger.manual(module.key, why);
  const value = (json: JsonValue | undefined) => makeValue(json, placeOf(module, context, walk), manual);
  return {
    ledger: walk.ledger,
    tools: walk.tools,
    chain: (modules, from) => walk.chain(modules, from),
    module,
    context,
    flag,
    value,
    condition: () => makeFilter(field(module.filter, 'conditions'), value, { flag, manual }),
  };
}

function placeOf(module: MakeModule, context: MakeContext, walk: MakeWriter): MakePlace {
  let clock: Variable | undefined;
  return {
    output: (id, path) => {
      const found = context.outputs.get(id);
      if (found === undefined) return undefined;
      const names = found.skips !== undefined && path[0] === found.skips ? path.slice(1) : path;
      if (found.skips !== undefined && path.length > 0 && names === path) {
        walk.ledger.check(module.key, 'answer-shape', `${path[0] ?? ''} of an HTTP answer`);
      }
      return memberOf(found.expr, ...names);
    },
    now: () => {
      if (clock === undefined) {
        clock = { hint: `${module.title} now` };
        context.steps.push({ kind: 'clock', node: module.key, name: module.title, output: clock });
        walk.ledger.check(module.key, 'clock');
      }
      return variableOf(clock);
    },
    flag: (hazard, note) => walk.ledger.check(module.key, hazard, note),
  };
}
