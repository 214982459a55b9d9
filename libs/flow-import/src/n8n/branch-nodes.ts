import type { JsonValue } from '@action-mesh/kernel';

import { conditionOf } from '../expressions/comparison.js';
import type { Expr } from '../model/expression.js';
import { elementsOf, field, plainTextOf } from '../read/fields.js';
import { newConditions, oldConditions } from './n8n-conditions.js';
import type { N8nSite, N8nTranslator, NodeOutcome } from './n8n-site.js';

const conditionSite = (site: N8nSite) => ({
  value: site.value,
  flag: site.place.flag,
  manual: (why: string) => site.ledger.manual(site.node.name, why),
});

function conditionsOf(site: N8nSite): Expr {
  const { parameters, version } = site.node;
  return version >= 2 &&
    parameters['conditions'] !== undefined &&
    field(parameters, 'conditions', 'conditions') !== undefined
    ? newConditions(parameters['conditions'], conditionSite(site))
    : oldConditions(parameters, conditionSite(site));
}

function ifNode(site: N8nSite): NodeOutcome {
  site.ledger.translated(site.node.name);
  const arms = [
    { condition: conditionsOf(site), targets: site.targets(0) },
    { condition: undefined, targets: site.targets(1) },
  ];
  return site.walk.branch(site.node, arms, site.current, site.context);
}

function filterNode(site: N8nSite): NodeOutcome {
  site.ledger.translated(site.node.name);
  const arms = [{ condition: conditionsOf(site), targets: site.targets(0) }];
  return site.walk.branch(site.node, arms, site.current, site.context);
}

function switchNode(site: N8nSite): NodeOutcome {
  const { parameters, version } = site.node;
  if (parameters['mode'] === 'expression') return site.leave('a Switch that computes its output');
  if (field(parameters, 'options', 'allMatchingOutputs') === true) {
    return site.leave('a Switch that sends an item to every output whose rule holds');
  }
  const rules =
    version >= 3
      ? elementsOf(field(parameters, 'rules', 'values'))
      : elementsOf(field(parameters, 'rules', 'rules'));
  if (rules.length === 0) return site.leave('a Switch without rules in the file');
  site.ledger.translated(site.node.name);
  const arms: { condition: Expr | undefined; output: number }[] = rules.map((rule, index) =>
    version >= 3
      ? { condition: newConditions(field(rule, 'conditions'), conditionSite(site)), output: index }
      : oldRule(rule, index, site),
  );
  const fallback =
    version >= 3 ? field(parameters, 'options', 'fallbackOutput') : parameters['fallbackOutput'];
  const extra =
    fallback === 'extra'
      ? rules.length
      : typeof fallback === 'number' && fallback >= 0
        ? fallback
        : undefined;
  if (extra !== undefined) arms.push({ condition: undefined, output: extra });
  const paths = arms.map(({ condition, output }) => ({ condition, targets: site.targets(output) }));
  return site.walk.branch(site.node, paths, site.current, site.context);
}

function oldRule(rule: JsonValue, index: number, site: N8nSite): { condition: Expr; output: number } {
  const { parameters } = site.node;
  const output = field(rule, 'output');
  const type = plainTextOf(parameters['dataType']) ?? 'number';
  const operation = plainTextOf(field(rule, 'operation')) ?? (type === 'number' ? 'smaller' : 'equal');
  const condition = conditionOf(
    {
      left: site.value(parameters['value1']),
      right: site.value(field(rule, 'value2')),
      type,
      operation,
      ignoreCase: false,
    },
    conditionSite(site),
  );
  return { condition, output: typeof output === 'number' ? output : index };
}

/** Nodes that send an item along one of several paths. */
export const branchNodes: readonly (readonly [string, N8nTranslator])[] = [
  ['if', ifNode],
  ['filter', filterNode],
  ['switch', switchNode],
];
