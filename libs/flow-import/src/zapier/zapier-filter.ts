import type { JsonValue } from '@action-mesh/kernel';

import { conditionOf, unknownCondition, type ComparisonSite } from '../expressions/comparison.js';
import { combined, not, type Expr } from '../model/expression.js';
import { field, elementsOf, plainTextOf } from '../read/fields.js';

/** Types and operations of the matches of Zapier without their `i`, which means: ignore case. */
const matches: ReadonlyMap<string, readonly [type: string, operation: string]> = new Map([
  ['exact', ['string', 'equals']],
  ['not_exact', ['string', 'notEquals']],
  ['contains', ['string', 'contains']],
  ['not_contains', ['string', 'notContains']],
  ['starts_with', ['string', 'startsWith']],
  ['not_starts_with', ['string', 'notStartsWith']],
  ['ends_with', ['string', 'endsWith']],
  ['not_ends_with', ['string', 'notEndsWith']],
  ['exist', ['string', 'notEmpty']],
  ['exists', ['string', 'notEmpty']],
  ['not_exist', ['string', 'empty']],
  ['not_exists', ['string', 'empty']],
  ['greater', ['number', 'gt']],
  ['less', ['number', 'lt']],
  ['date_after', ['dateTime', 'after']],
  ['date_before', ['dateTime', 'before']],
]);

/** The criteria of a filter: and within a group, or between groups. An unknown match is left to a person. */
export function zapierFilter(
  criteria: JsonValue | undefined,
  key: (text: string) => Expr,
  value: (json: JsonValue | undefined) => Expr,
  site: ComparisonSite,
): Expr {
  const groups = new Map<string, Expr[]>();
  for (const one of elementsOf(criteria)) {
    const group = plainTextOf(field(one, 'group')) ?? '';
    const condition = criterion(one, key, value, site);
    groups.set(group, [...(groups.get(group) ?? []), condition]);
  }
  const all = [...groups.values()].flatMap((conditions) => combined(conditions, '&&') ?? []);
  return combined(all, '||') ?? unknownCondition('no condition at all', site);
}

function criterion(
  one: JsonValue,
  key: (text: string) => Expr,
  value: (json: JsonValue | undefined) => Expr,
  site: ComparisonSite,
): Expr {
  const left = key(plainTextOf(field(one, 'key')) ?? '');
  const right = value(field(one, 'value') ?? '');
  const name = plainTextOf(field(one, 'match')) ?? '';
  const positive = comparisonOf(name, left, right, site);
  const action = plainTextOf(field(one, 'action')) ?? 'continue';
  if (action === 'continue') return positive;
  // A criterion may also say when to stop.
  return action === 'stop' ? not(positive) : unknownCondition(`the action ${action}`, site);
}

function comparisonOf(name: string, left: Expr, right: Expr, site: ComparisonSite): Expr {
  const isFound = left.kind === 'unary';
  const word =
    right.kind === 'literal' && typeof right.value !== 'object'
      ? String(right.value).toLowerCase()
      : undefined;
  if (name === 'boolean' || (isFound && (word === 'true' || word === 'false'))) {
    const operation = word === 'true' ? 'true' : word === 'false' ? 'false' : '';
    if (isFound && operation !== '') return operation === 'true' ? left : not(left);
    return conditionOf({ left, right, type: 'boolean', operation, ignoreCase: false }, site);
  }
  const known = matches.get(name) ?? matches.get(name.replace(/^i/, ''));
  if (known === undefined) return unknownCondition(`the match ${name === '' ? '(none)' : name}`, site);
  const [type, operation] = known;
  if (type !== 'string') site.flag('loose-types');
  return conditionOf({ left, right, type, operation, ignoreCase: name.startsWith('i') }, site);
}
