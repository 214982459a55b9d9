import { instantDate, mayBeInstant } from '../expressions/instants.js';
import {
  asText,
  helper,
  literal,
  objectOf,
  variableOf,
  type Expr,
  type Variable,
} from '../model/expression.js';
import { field, isBlank, located, recordOf, plainTextOf } from '../read/fields.js';
import { branchNodes } from './branch-nodes.js';
import { mergeNode } from './merge-node.js';
import { itemOf, listOfData, wholeOf, type Current } from './n8n-scope.js';
import type { N8nSite, N8nTranslator, NodeOutcome } from './n8n-site.js';

function loopNode(site: N8nSite): NodeOutcome {
  const { node, walk, context, current, place } = site;
  const { parameters, version, name } = node;
  if (
    field(parameters, 'options', 'reset') !== undefined &&
    field(parameters, 'options', 'reset') !== false
  ) {
    return site.leave('a loop that starts again by an expression');
  }
  // Version 3 gives "done" first, the versions before it the loop. Without a size, version 3 takes 1 and older ones 10.
  const [done, loop] = version >= 3 ? [0, 1] : [1, 0];
  const size = parameters['batchSize'] ?? (version >= 3 ? 1 : 10);
  site.ledger.translated(name);
  const isSingle = size === 1;
  const list = isSingle ? listOfData(current) : helper('chunks', listOfData(current), site.value(size));
  const { step, reach } = walk.loop(
    node,
    current,
    site.targets(loop),
    context,
    new Set([name]),
    false,
    list,
    !isSingle,
  );
  context.steps.push(step);
  if (reach !== undefined && reach.target.node !== name) {
    site.ledger.manual(name, `its loop leads to ${reach.target.node} and not back`);
    context.steps.push({ kind: 'todo', node: name, what: `${name}: go on at ${reach.target.node}` });
  }
  place.flag('order', 'choose a key of the data for each item, if the list can change');
  const results: Current = {
    expr: reach === undefined ? list : variableOf(step.output),
    many: true,
    from: name,
  };
  return { kind: 'next', current: results, targets: site.targets(done) };
}

const pacingSeconds = 120;

function waitNode(site: N8nSite): NodeOutcome {
  const { parameters, version, name } = site.node;
  const resume = plainTextOf(parameters['resume']) ?? 'timeInterval';
  const next: NodeOutcome = { kind: 'next', current: site.current, targets: site.targets() };
  if (resume === 'specificTime') {
    const time = site.value(parameters['dateTime']);
    if (!mayBeInstant(time)) return site.leave('a wait until a time without a time zone');
    site.place.flag('timezone', 'the time to wait for');
    site.context.steps.push({ kind: 'sleep', node: name, name, until: instantDate(time) });
    return next;
  }
  if (resume !== 'timeInterval') return site.leave('a wait for a request: use run.waitFor with a webhook');
  // Without parameters, version 1 waits one hour and later ones five seconds.
  const amount = parameters['amount'] ?? (version < 1.1 ? 1 : 5);
  const unit = plainTextOf(parameters['unit']) ?? (version < 1.1 ? 'hours' : 'seconds');
  const seconds =
    typeof amount === 'number'
      ? amount * (unit === 'seconds' ? 1 : unit === 'minutes' ? 60 : Infinity)
      : Infinity;
  if (site.place.scope.index !== undefined && seconds <= pacingSeconds) {
    site.ledger.dropped(name, 'it paced the requests of a loop; the rate governor does that');
    return next;
  }
  site.ledger.translated(name);
  const until = objectOf([
    [unit, typeof amount === 'number' ? literal(amount) : helper('toNumber', site.value(amount))],
  ]);
  site.context.steps.push({ kind: 'sleep', node: name, name, until });
  return next;
}

function respondNode(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const kind = plainTextOf(parameters['respondWith']) ?? 'firstIncomingItem';
  const code = field(parameters, 'options', 'responseCode');
  const status = code === undefined ? {} : { status: site.value(code) };
  const bodies: ReadonlyMap<string, () => Expr> = new Map([
    ['json', () => helper('parseJson', site.value(parameters['responseBody']))],
    ['text', () => asText(site.value(parameters['responseBody']))],
    ['firstIncomingItem', () => wholeOf(itemOf(site.current), site.place)],
    ['allIncomingItems', () => listOfData(site.current)],
  ]);
  const body = bodies.get(kind);
  if (body === undefined && kind !== 'noData') return site.leave(`a response with ${kind}`);
  site.ledger.translated(name);
  const step = {
    kind: 'respond' as const,
    node: name,
    ...status,
    ...(body === undefined ? {} : { body: body() }),
  };
  site.context.steps.push(step);
  return { kind: 'next', current: site.current, targets: site.targets() };
}

function executeWorkflow(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const id = plainTextOf(located(parameters['workflowId']));
  const child = id === undefined ? undefined : site.children.get(id);
  if (child === undefined) return site.leave('a sub-workflow that is not in this file: import both together');
  const given = recordOf(field(parameters, 'workflowInputs', 'value'));
  const input = isBlank(given) ? wholeOf(itemOf(site.current), site.place) : site.value(given);
  const output: Variable = { hint: name };
  site.ledger.translated(name);
  site.context.steps.push({ kind: 'flow', node: name, name, child, input, output });
  return site.next(variableOf(output));
}

function stopNode(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const message = parameters['errorMessage'] ?? parameters['errorObject'] ?? 'An error occurred!';
  site.ledger.translated(name);
  site.context.steps.push({ kind: 'fail', node: name, reason: asText(site.value(message)) });
  return { kind: 'stopped', reach: undefined };
}

function nothing(site: N8nSite): NodeOutcome {
  site.ledger.dropped(site.node.name, 'it does nothing');
  return { kind: 'next', current: site.current, targets: site.targets() };
}

/** Nodes that decide what runs next. */
export const flowNodes: readonly (readonly [string, N8nTranslator])[] = [
  ...branchNodes,
  ['merge', mergeNode],
  ['splitInBatches', loopNode],
  ['wait', waitNode],
  ['respondToWebhook', respondNode],
  ['executeWorkflow', executeWorkflow],
  ['stopAndError', stopNode],
  ['noOp', nothing],
];
