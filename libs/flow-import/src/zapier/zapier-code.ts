import { codeBody } from '../expressions/code-body.js';
import { listExpr, objectOf, variableOf, type Expr, type Variable } from '../model/expression.js';
import { field, plainTextOf } from '../read/fields.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import { zapierCodeText } from './zapier-output.js';
import type { ZapierSite } from './zapier-site.js';

const javaScriptAction = '01929fad-d3dd-62c2-52ed-7868d5fcc691';
const pythonAction = '01929fad-d3f6-c57c-1b40-ef8691be1f86';

/** Writes a step of Code by Zapier, and gives its result. Python is left to a person. */
export function writeCode(site: ZapierSite): Expr {
  const { step, context, ledger, value, leave } = site;
  const source = plainTextOf(step.params['code']) ?? '';
  if (source.trim() === '') return leave('code that is not in the file');
  if (isPython(step.action, source)) return leave('code in Python');
  try {
    const { source: returning, mayBeList } = zapierCodeText(source);
    const body = codeBody(returning);
    const place = site.place();
    const input = value(field(step.params, 'input') ?? {});
    for (const hazard of body.hazards) ledger.check(step.id, hazard);
    const members: [string, Expr][] = [['input', listExpr([input])]];
    if (body.usesClock) members.push(['now', place.now()]);
    if (body.usesRandom) members.push(['seed', seedOf(site)]);
    const output: Variable = { hint: step.title };
    const { source: text, parameters } = body;
    const scope = objectOf(members);
    context.steps.push({
      kind: 'code',
      node: step.id,
      name: step.title,
      source: text,
      parameters,
      scope,
      output,
      one: true,
    });
    if (mayBeList) place.flag('items-n', 'a list as the result would repeat the steps behind it');
    return variableOf(output);
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    return leave(error.message);
  }
}

/** The action names the language. Where it is unknown, words that only Python has decide. */
function isPython(action: string, source: string): boolean {
  if (action === pythonAction || /python/i.test(action)) return true;
  if (action === javaScriptAction || /javascript/i.test(action)) return false;
  const words = /^\s*(?:import |from |def |print\()|\binput_data\b/m;
  return words.test(source) && !/\b(?:const|let|var)\b|=>/.test(source);
}

function seedOf({ step, context }: ZapierSite): Expr {
  const seed: Variable = { hint: `${step.title} seed` };
  context.steps.push({ kind: 'seed', node: step.id, name: step.title, output: seed });
  return variableOf(seed);
}
