import type { JsonObject, JsonValue } from '@action-mesh/kernel';

import { conditionOf, unknownCondition, type ComparisonSite } from '../expressions/comparison.js';
import { combined, type Expr } from '../model/expression.js';
import { field, elementsOf, recordOf, plainTextOf } from '../read/fields.js';

/** A node with conditions. */
export interface ConditionSite extends ComparisonSite {
  readonly value: (json: JsonValue | undefined) => Expr;
}

/** `conditions` of If, Filter and Switch from version 2 or 3 on. */
export function newConditions(parameters: JsonValue | undefined, site: ConditionSite): Expr {
  const options = field(parameters, 'options');
  const ignoreCase = field(options, 'caseSensitive') === false;
  if (field(options, 'typeValidation') === 'loose') site.flag('loose-types');
  const operator = field(parameters, 'combinator') === 'or' ? '||' : '&&';
  const all = elementsOf(field(parameters, 'conditions')).map((condition) =>
    conditionOf(
      {
        left: site.value(field(condition, 'leftValue')),
        right: site.value(field(condition, 'rightValue')),
        type: plainTextOf(field(condition, 'operator', 'type')) ?? 'string',
        operation: plainTextOf(field(condition, 'operator', 'operation')) ?? '',
        ignoreCase,
      },
      site,
    ),
  );
  return combined(all, operator) ?? unknownCondition('no condition at all', site);
}

/** `conditions` of If and Filter of version 1. */
export function oldConditions(parameters: JsonObject, site: ConditionSite): Expr {
  site.flag('loose-types');
  const operator =
    parameters['combineOperation'] === 'any' || parameters['combineConditions'] === 'OR' ? '||' : '&&';
  const all = Object.entries(recordOf(parameters['conditions'])).flatMap(([type, conditions]) =>
    elementsOf(conditions).map((condition) =>
      conditionOf(
        {
          left: site.value(field(condition, 'value1')),
          right: site.value(field(condition, 'value2')),
          type,
          // The default of a text or a boolean is equality, of a number "smaller"; files leave defaults out.
          operation:
            plainTextOf(field(condition, 'operation')) ??
            (type === 'number' ? 'smaller' : type === 'dateTime' ? 'after' : 'equal'),
          ignoreCase: false,
        },
        site,
      ),
    ),
  );
  return combined(all, operator) ?? unknownCondition('no condition at all', site);
}
