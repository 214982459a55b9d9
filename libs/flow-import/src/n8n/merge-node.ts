import { helper, literal, methodCall, type Expr } from '../model/expression.js';
import { elementsOf, field, plainTextOf } from '../read/fields.js';
import { listOfData, type Current } from './n8n-scope.js';
import { bound, type N8nSite, type NodeOutcome } from './n8n-site.js';

/** Writes a Merge node: the line behind a branch, or one list of the data of paths that ran at the same time. */
export function mergeNode(site: N8nSite): NodeOutcome {
  const { parameters, version, name } = site.node;
  const mode = plainTextOf(parameters['mode']) ?? 'append';
  const inputs = [...(site.inputs ?? [])].sort(([a], [b]) => a - b).map(([, current]) => current);
  site.ledger.translated(name);
  if (inputs.length < 2) {
    // After an exclusive branch only one input has data: the node is the line behind the branch.
    if (mode !== 'append' && mode !== 'passThrough')
      site.ledger.check(name, 'items-n', 'only one of its inputs arrives');
    return { kind: 'next', current: site.current, targets: site.targets() };
  }
  const merged = mergedLists(mode, version, site, inputs);
  if (merged === undefined) return site.leave(`a Merge in the mode ${mode}`);
  return bound(site, merged, true);
}

function mergedLists(
  mode: string,
  version: number,
  site: N8nSite,
  inputs: readonly Current[],
): Expr | undefined {
  const { parameters } = site.node;
  const lists = inputs.map(listOfData);
  const [left = literal(null), right = literal(null)] = lists;
  if (mode === 'append') return methodCall(left, 'concat', ...lists.slice(1));
  if (mode === 'chooseBranch') return field(parameters, 'output') === 'empty' ? undefined : left;
  const by =
    mode === 'combine'
      ? (plainTextOf(parameters['combineBy'] ?? parameters['combinationMode']) ?? 'combineByFields')
      : mode;
  if (/^(?:combineByPosition|mergeByPosition|mergeByIndex)$/.test(by))
    return helper('pairedByPosition', left, right);
  if (/^(?:combineAll|multiplex)$/.test(by)) return helper('everyPair', left, right);
  if (!/^(?:combineByFields|mergeByFields|mergeByKey)$/.test(by)) return undefined;
  if (!['', 'keepMatches'].includes(plainTextOf(parameters['joinMode']) ?? '') || version < 2)
    return undefined;
  const simple =
    plainTextOf(parameters['fieldsToMatchString'])
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const pairs = elementsOf(field(parameters, 'mergeByFields', 'values'));
  const [pair] = pairs;
  const names =
    simple.length === 1
      ? [simple[0], simple[0]]
      : [plainTextOf(field(pair, 'field1')), plainTextOf(field(pair, 'field2'))];
  const [first, second] = names;
  if (simple.length > 1 || pairs.length > 1 || first === undefined || second === undefined) return undefined;
  return helper('pairedByField', left, right, literal(first), literal(second));
}
