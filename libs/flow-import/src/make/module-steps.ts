import { helper, literal, objectOf, variableOf, type Expr, type Variable } from '../model/expression.js';
import { elementsOf, field, plainTextOf } from '../read/fields.js';
import { isCallModule, writeCall } from './make-call.js';
import { isHttpModule } from './make-http.js';
import type { MakeContext, MakeOutput, MakeSite } from './make-site.js';

const pacingSeconds = 120;

/** Writes the steps of one module, and gives the context behind it. */
export function writeModule(site: MakeSite): MakeContext {
  const { module, context, ledger, value, chain } = site;
  const keep = (output: MakeOutput): MakeContext => ({
    ...context,
    outputs: new Map(context.outputs).set(module.id, output),
  });
  const bind = (value: Expr): MakeContext => {
    const output: Variable = { hint: module.title };
    context.steps.push({ kind: 'let', node: module.key, value, output });
    return keep({ expr: variableOf(output) });
  };
  if (module.onError.length > 0 && !isCallModule(module)) {
    for (const handler of module.onError)
      ledger.check(handler.key, 'error-swallowed', 'this module cannot fail here');
  }
  switch (module.module) {
    case 'util:SetVariables': {
      ledger.translated(module.key);
      const variables = elementsOf(module.mapper['variables']);
      return bind(
        objectOf(
          variables.map(
            (one) => [plainTextOf(field(one, 'name')) ?? '', value(field(one, 'value'))] as const,
          ),
        ),
      );
    }
    case 'util:SetVariable2':
      ledger.translated(module.key);
      return bind(objectOf([[plainTextOf(module.mapper['name']) ?? '', value(module.mapper['value'])]]));
    case 'json:ParseJSON':
      ledger.translated(module.key);
      return bind(helper('parseJson', value(module.mapper['json'])));
    case 'util:FunctionSleep':
      return writeSleep(site);
    case 'gateway:WebhookRespond': {
      ledger.translated(module.key);
      const status = helper('toNumber', value(module.mapper['status'] ?? '200'));
      context.steps.push({
        kind: 'respond',
        node: module.key,
        status: plainNumber(status),
        body: value(module.mapper['body']),
      });
      return context;
    }
    default:
      break;
  }
  if (isCallModule(module)) {
    const answer = writeCall(site);
    return keep({ expr: answer, ...(isHttpModule(module.module) ? { skips: 'data' } : {}) });
  }
  const why = `no translation of ${module.module === '' ? 'a module without a name' : module.module}`;
  ledger.manual(module.key, why);
  const output: Variable = { hint: module.title };
  context.steps.push({ kind: 'todo', node: module.key, what: `${module.title}: ${why}`, output });
  for (const { flow } of module.branches) chain(flow, { ...context, depth: context.depth + 1 });
  return keep({ expr: variableOf(output) });
}

function writeSleep({ module, context, ledger, value }: MakeSite): MakeContext {
  const given = module.mapper['duration'];
  const seconds = Number(plainTextOf(given) ?? Number.NaN);
  if (context.inLoop && seconds <= pacingSeconds) {
    ledger.dropped(module.key, 'it paced the requests of a loop; the rate governor does that');
    return context;
  }
  ledger.translated(module.key);
  const amount = Number.isFinite(seconds) ? literal(seconds) : helper('toNumber', value(given));
  context.steps.push({
    kind: 'sleep',
    node: module.key,
    name: module.title,
    until: objectOf([['seconds', amount]]),
  });
  return context;
}

const plainNumber = (value: Expr): Expr => {
  const [argument] = value.kind === 'call' ? value.args : [];
  return argument?.kind === 'literal' && Number.isFinite(Number(argument.value))
    ? literal(Number(argument.value))
    : value;
};
