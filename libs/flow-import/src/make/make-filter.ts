import type { JsonValue } from '@action-mesh/kernel';

import { conditionOf, unknownCondition, type ComparisonSite } from '../expressions/comparison.js';
import { combined, literal, type Expr } from '../model/expression.js';
import { field, elementsOf, plainTextOf } from '../read/fields.js';

const numbers: ReadonlyMap<string, string> = new Map([
  ['equal', 'equals'],
  ['notequal', 'notEquals'],
  ['greater', 'gt'],
  ['greaterorequal', 'gte'],
  ['less', 'lt'],
  ['lessorequal', 'lte'],
]);
const texts: ReadonlyMap<string, string> = new Map([
  ['equal', 'equals'],
  ['notequal', 'notEquals'],
  ['contain', 'contains'],
  ['notcontain', 'notContains'],
  ['startwith', 'startsWith'],
  ['notstartwith', 'notStartsWith'],
  ['endwith', 'endsWith'],
  ['notendwith', 'notEndsWith'],
  ['pattern', 'regex'],
  ['notpattern', 'notRegex'],
]);
const dates: ReadonlyMap<string, string> = new Map([
  ['equal', 'equals'],
  ['notequal', 'notEquals'],
  ['greater', 'after'],
  ['less', 'before'],
  ['greaterorequal', 'afterOrEquals'],
  ['lessorequal', 'beforeOrEquals'],
]);
const families: ReadonlyMap<string, readonly [type: string, operations: ReadonlyMap<string, string>]> =
  new Map([
    ['number', ['number', numbers]],
    ['text', ['string', texts]],
    ['date', ['dateTime', dates]],
    [
      'boolean',
      [
        'boolean',
        new Map([
          ['equal', 'equals'],
          ['notequal', 'notEquals'],
        ]),
      ],
    ],
    [
      'array',
      [
        'array',
        new Map([
          ['contain', 'contains'],
          ['notcontain', 'notContains'],
        ]),
      ],
    ],
  ]);

/** The conditions of a filter: the outer list is or, the inner lists are and. An unknown operator is left to a person. */
export function makeFilter(
  conditions: JsonValue | undefined,
  value: (json: JsonValue | undefined) => Expr,
  site: ComparisonSite,
): Expr {
  const groups = elementsOf(conditions).map((group) =>
    combined(
      elementsOf(group).map((one) => comparisonOf(one, value, site)),
      '&&',
    ),
  );
  const known = groups.filter((group) => group !== undefined);
  return combined(known, '||') ?? unknownCondition('no condition at all', site);
}

function comparisonOf(
  condition: JsonValue,
  value: (json: JsonValue | undefined) => Expr,
  site: ComparisonSite,
): Expr {
  const operator = plainTextOf(field(condition, 'o')) ?? 'text:equal';
  const left = value(field(condition, 'a'));
  const right = value(field(condition, 'b') ?? '');
  if (operator === 'exist' || operator === 'notexist') {
    const operation = operator === 'exist' ? 'notEmpty' : 'empty';
    return conditionOf({ left, right, type: 'string', operation, ignoreCase: false }, site);
  }
  const [family = '', name = '', suffix] = operator.split(':');
  const [type, operations] = families.get(family) ?? [];
  const operation = operations?.get(name);
  if (type === undefined || operation === undefined || (suffix !== undefined && suffix !== 'ci')) {
    return unknownCondition(`the operator ${operator}`, site);
  }
  if (type !== 'string') site.flag('loose-types');
  const ignoreCase = suffix === 'ci';
  if (operation === 'regex' || operation === 'notRegex') {
    const pattern = patternOf(right, ignoreCase);
    return conditionOf({ left, right: pattern, type, operation, ignoreCase: false }, site);
  }
  return conditionOf({ left, right, type, operation, ignoreCase }, site);
}

/** Make writes the source of a pattern alone. Slashes at its ends belong to it. */
const patternOf = (pattern: Expr, ignoreCase: boolean): Expr =>
  pattern.kind === 'literal' && typeof pattern.value === 'string' && pattern.value !== ''
    ? literal(`/${pattern.value}/${ignoreCase ? 'i' : ''}`)
    : pattern;
