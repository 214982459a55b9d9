import { literal, methodCall, objectOf, type Expr } from '../model/expression.js';
import { plainTextOf } from '../read/fields.js';
import type { MakeModule } from './make-module.js';
import type { MakeSite } from './make-site.js';

const aggregators = new Set(['builtin:BasicAggregator', 'util:TextAggregator']);

/** Whether the module collects the bundles of `source`. */
export function isAggregatorOf(source: MakeModule, { module, parameters }: MakeModule): boolean {
  return aggregators.has(module) && plainTextOf(parameters['feeder']) === source.id;
}

/** The value that an aggregator takes of each bundle. */
export function collectedValue({ module, ledger, value }: MakeSite): Expr {
  ledger.translated(module.key);
  if (module.module === 'util:TextAggregator') return value(module.mapper['value']);
  return value(module.mapper);
}

/** The output of an aggregator, from the list of the collected values. */
export function aggregatedValue({ module, ledger }: MakeSite, list: Expr): Expr {
  if (module.module === 'util:TextAggregator') {
    const kind = plainTextOf(module.parameters['rowSeparator']) ?? '';
    const other = plainTextOf(module.parameters['otherRowSeparator']) ?? '';
    const separator =
      kind === 'other' ? other : kind === '\\n' || kind === 'newline' ? '\n' : kind === '\\t' ? '\t' : '';
    return objectOf([['text', methodCall(list, 'join', literal(separator))]]);
  }
  if (module.parameters['groupBy'] !== undefined) ledger.manual(module.key, 'an aggregator that groups');
  if (module.parameters['stopIfEmpty'] === true) ledger.check(module.key, 'items-n', 'it stops when empty');
  return objectOf([['array', list]]);
}
