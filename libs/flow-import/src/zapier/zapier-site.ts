import type { JsonValue } from '@action-mesh/kernel';

import { variableOf, type Expr, type Variable } from '../model/expression.js';
import type { NodeLedger } from '../model/node-record.js';
import type { DraftStep } from '../model/workflow.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import type { ToolChooser } from '../tools/tool-chooser.js';
import type { ZapStep } from './zap.js';
import { referenceOf, zapierValue, type ZapierPlace } from './zapier-expression.js';
import { zapierFilter } from './zapier-filter.js';

/** The place where steps are added, and the values that they can read. */
export interface ZapierContext {
  readonly steps: DraftStep[];
  readonly outputs: ReadonlyMap<string, Expr>;
  readonly depth: number;
}

/** A step and everything that its translation needs. */
export interface ZapierSite {
  readonly step: ZapStep;
  readonly context: ZapierContext;
  readonly ledger: NodeLedger;
  readonly tools: ToolChooser;
  readonly flag: ZapierPlace['flag'];
  /** The place of one expression. Each place reads the clock on its own. */
  readonly place: () => ZapierPlace;
  /** A parameter as an expression of the draft. */
  readonly value: (json: JsonValue | undefined) => Expr;
  /** Leaves the step to a person, and gives the value that it should have. */
  readonly leave: (why: string) => Expr;
}

/** The site of a step at a place of the draft. */
export function zapierSite(
  step: ZapStep,
  context: ZapierContext,
  ledger: NodeLedger,
  tools: ToolChooser,
): ZapierSite {
  const flag: ZapierPlace['flag'] = (hazard, note) => ledger.check(step.id, hazard, note);
  const place = () => placeOf(step, context, ledger);
  const value = (json: JsonValue | undefined) =>
    zapierValue(json, place(), (why) => ledger.manual(step.id, why));
  const leave = (why: string): Expr => {
    ledger.manual(step.id, why);
    if (/^App\d+|Dev(?:API)?$/.test(step.api.replace(/@.*$/, ''))) ledger.check(step.id, 'private-app');
    const output: Variable = { hint: step.title };
    context.steps.push({ kind: 'todo', node: step.id, what: `${step.title}: ${why}`, output });
    return variableOf(output);
  };
  return { step, context, ledger, tools, flag, place, value, leave };
}

/** The rules of a filter step as a condition. */
export function conditionOfFilter({ step, ledger, place: placeOfRules, value }: ZapierSite): Expr {
  const place = placeOfRules();
  const key = (text: string): Expr => {
    if (text.includes('{{')) return value(text);
    try {
      return referenceOf(text, place);
    } catch (error) {
      if (!(error instanceof UntranslatableError)) throw error;
      ledger.manual(step.id, error.message);
      return { kind: 'todo', what: error.message };
    }
  };
  const site = { flag: place.flag, manual: (why: string) => ledger.manual(step.id, why) };
  return zapierFilter(step.params['filter_criteria'], key, value, site);
}

function placeOf(step: ZapStep, context: ZapierContext, ledger: NodeLedger): ZapierPlace {
  let clock: Variable | undefined;
  return {
    output: (id) => context.outputs.get(id),
    flag: (hazard, note) => ledger.check(step.id, hazard, note),
    now: () => {
      if (clock === undefined) {
        clock = { hint: `${step.title} now` };
        context.steps.push({ kind: 'clock', node: step.id, name: step.title, output: clock });
        ledger.check(step.id, 'clock');
      }
      return variableOf(clock);
    },
  };
}
