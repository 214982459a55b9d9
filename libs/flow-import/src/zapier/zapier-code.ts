import { codeBody } from '../expressions/code-body.js';
import { listExpr, objectOf, variableOf, type Expr, type Variable } from '../model/expression.js';
import { field, plainTextOf } from '../read/fields.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import type { ZapierSite } from './zapier-site.js';

/** Writes a step of Code by Zapier, and gives its result. Python is left to a person. */
export function writeCode(site: ZapierSite): Expr {
  const { step, context, ledger, value, leave } = site;
  const source = plainTextOf(step.params['code']) ?? '';
  if (source.trim() === '') return leave('code that is not in the file');
  if (
    /^\s*(?:import |from |def |print\(|return \{'|output = )/m.test(source) &&
    !/\b(?:const|let|var|=>)/.test(source)
  ) {
    return leave('code in Python');
  }
  try {
    const body = codeBody(source.replaceAll(/^\s*output\s*=\s*/gm, 'return '));
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
    if (/\breturn\s*\[/.test(source))
      place.flag('items-n', 'a list as the result would repeat the steps behind it');
    return variableOf(output);
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    return leave(error.message);
  }
}

function seedOf({ step, context }: ZapierSite): Expr {
  const seed: Variable = { hint: `${step.title} seed` };
  context.steps.push({ kind: 'seed', node: step.id, name: step.title, output: seed });
  return variableOf(seed);
}
