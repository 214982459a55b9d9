import { objectOf, variableOf, type Expr, type Variable } from '../model/expression.js';
import { plainTextOf } from '../read/fields.js';
import { writeAgent, writeApp, writeRequest } from './zapier-calls.js';
import { writeCode } from './zapier-code.js';
import { conditionOfFilter, type ZapierContext, type ZapierSite } from './zapier-site.js';
import { formatterValue, sleepUntil } from './zapier-tools.js';

/** Writes one step, and gives the context behind it. */
export function writeZapStep(site: ZapierSite): ZapierContext {
  const { step, context, ledger, value, leave } = site;
  const keep = (expr: Expr): ZapierContext => ({
    ...context,
    outputs: new Map(context.outputs).set(step.id, expr),
  });
  if (step.action === '') return keep(leave('a step that was never finished'));
  if (step.typeOf === 'filter') {
    ledger.translated(step.id);
    const condition = conditionOfFilter(site);
    const otherwise = [{ kind: 'end' as const, reason: step.title }];
    context.steps.push({
      kind: 'if',
      node: step.id,
      name: step.title,
      arms: [{ condition, steps: [] }],
      otherwise,
    });
    return context;
  }
  switch (step.app) {
    case 'WebHook':
      return keep(writeRequest(site));
    case 'Code':
      return keep(writeCode(site));
    case 'Delay':
      return writeDelay(site);
    case 'ZapierFormatter': {
      const formatted = formatterValue(step, value);
      if (formatted === undefined)
        return keep(leave(`the format ${plainTextOf(step.params['transform']) ?? ''}`));
      ledger.translated(step.id);
      const output: Variable = { hint: step.title };
      context.steps.push({ kind: 'let', node: step.id, value: formatted, output });
      return keep(objectOf([['output', variableOf(output)]]));
    }
    case 'AI':
    case 'ChatGPT':
    case 'OpenAI':
      return keep(writeAgent(site));
    default:
      return keep(writeApp(site));
  }
}

function writeDelay({ step, context, ledger, flag, value, leave }: ZapierSite): ZapierContext {
  const until = sleepUntil(step, value, flag);
  if (until === undefined) {
    leave(`the delay ${step.action}`);
    return context;
  }
  ledger.translated(step.id);
  context.steps.push({ kind: 'sleep', node: step.id, name: step.title, until });
  return context;
}
