import { codeBody } from '../expressions/code-body.js';
import { listExpr, objectOf, variableOf, type Expr, type Variable } from '../model/expression.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import { plainTextOf } from '../read/fields.js';
import { itemOf, itemsOfNode, wholeOf } from './n8n-scope.js';
import type { N8nSite, N8nTranslator, NodeOutcome } from './n8n-site.js';

/** The value of a code step's input. A step for all items gets a list. */
const inputOf = (site: N8nSite): Expr =>
  site.current.many ? site.current.expr : listExpr([wholeOf(itemOf(site.current), site.place)]);

function codeNode(source: string | undefined, perItem: boolean): N8nTranslator {
  return (site) => {
    const { node, ledger } = site;
    if (source !== undefined && (plainTextOf(node.parameters['language']) ?? 'javaScript') !== 'javaScript') {
      return site.leave('code in Python');
    }
    const text = plainTextOf(node.parameters[source ?? 'functionCode']);
    if (text === undefined || text.trim() === '') return site.leave('code that is not in the file');
    try {
      return written(site, text, perItem);
    } catch (error) {
      if (!(error instanceof UntranslatableError)) throw error;
      ledger.check(node.name, 'code');
      return site.leave(error.message);
    }
  };
}

function written(site: N8nSite, text: string, perItem: boolean): NodeOutcome {
  const { node, context, ledger, place } = site;
  const body = codeBody(text);
  const nodes = body.nodes.map((name) => [name, itemsOfNode(name, place)] as const);
  const members: [string, Expr][] = [['input', inputOf(site)]];
  if (nodes.length > 0) members.push(['nodes', objectOf(nodes)]);
  if (body.usesClock) members.push(['now', place.now()]);
  if (body.usesRandom) {
    const seed: Variable = { hint: `${node.name} seed` };
    context.steps.push({ kind: 'seed', node: node.name, name: node.name, output: seed });
    members.push(['seed', variableOf(seed)]);
  }
  for (const hazard of body.hazards) ledger.check(node.name, hazard);
  const output: Variable = { hint: node.name };
  const one = perItem || (!site.current.many && returnsOne(text));
  context.steps.push({
    kind: 'code',
    node: node.name,
    name: node.name,
    source: body.source,
    parameters: body.parameters,
    scope: objectOf(members),
    output,
    one,
  });
  if (!one) place.flag('items-n', 'the number of items that the code returns');
  return site.next(variableOf(output), !one);
}

/** Code for all items that can only return one: it ends in one object, or in a list that is written with one. */
function returnsOne(text: string): boolean {
  const returns = [...text.matchAll(/\breturn\s*(\[\s*\{|\{|\[|[A-Za-z_$])/g)].map((match) => match[1] ?? '');
  return returns.length === 1 && /^\{/.test(returns[0] ?? '');
}

function perItemMode(site: N8nSite): boolean {
  return site.node.parameters['mode'] === 'runOnceForEachItem';
}

/** Whether a code node gets all items at once. */
export const codeTakesList = (type: string, mode: unknown): boolean =>
  (type === 'code' && mode !== 'runOnceForEachItem') || type === 'function';

/** Nodes with code of the author. */
export const codeNodes: readonly (readonly [string, N8nTranslator])[] = [
  ['code', (site) => codeNode('jsCode', perItemMode(site))(site)],
  ['function', codeNode(undefined, false)],
  ['functionItem', codeNode(undefined, true)],
];
