import {
  asText,
  binary,
  helper,
  literal,
  memberOf,
  methodCall,
  not,
  unwritten,
  type Expr,
} from '../model/expression.js';
import type { Hazard } from '../model/hazards.js';
import { mayBeInstant } from './instants.js';

/** Translates the conditions of one node. An operator without a translation is never true or false: it is a `todo`. */
export interface ComparisonSite {
  readonly flag: (hazard: Hazard, note?: string) => void;
  readonly manual: (why: string) => void;
}

const numberOperators: ReadonlyMap<string, string> = new Map([
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['larger', '>'],
  ['largerEqual', '>='],
  ['smaller', '<'],
  ['smallerEqual', '<='],
]);
const dateOperators: ReadonlyMap<string, string> = new Map([
  ['after', '>'],
  ['before', '<'],
  ['afterOrEquals', '>='],
  ['beforeOrEquals', '<='],
]);

/** One comparison of two values. */
export interface Comparison {
  readonly left: Expr;
  readonly right: Expr;
  readonly type: string;
  readonly operation: string;
  readonly ignoreCase: boolean;
}

/** Never true and never false: an unknown condition is left to a person. */
export function unknownCondition(what: string, site: ComparisonSite): Expr {
  site.manual(`a condition with ${what}`);
  return unwritten(`a condition with ${what}`);
}

/** One comparison, by its type and its operation. */
export function conditionOf(condition: Comparison, site: ComparisonSite): Expr {
  const { left, right, type, operation } = condition;
  switch (operation) {
    case 'exists':
      return binary(left, '!=', literal(null));
    case 'notExists':
      return binary(left, '==', literal(null));
    case 'empty':
    case 'isEmpty':
      return helper('isEmpty', left);
    case 'notEmpty':
    case 'isNotEmpty':
      return not(helper('isEmpty', left));
    case 'true':
      if (left.kind === 'binary' && /^(?:[!=]==?|[<>]=?)$/.test(left.operator)) return left;
      return binary(left, '===', literal(true));
    case 'false':
      return binary(left, '===', literal(false));
    default:
      break;
  }
  const isEqual = ['equals', 'equal', 'is'].includes(operation);
  if (isEqual || ['notEquals', 'notEqual', 'isNot'].includes(operation)) {
    const equal = equality(condition, isEqual ? '===' : '!==', site);
    if (equal !== undefined) return equal;
  }
  const found =
    type === 'number'
      ? comparison(numberOperators.get(operation), 'toNumber', left, right)
      : type === 'dateTime'
        ? timeComparison(dateOperators.get(operation), left, right, site)
        : type === 'string'
          ? textCondition(condition, site)
          : type === 'array'
            ? arrayCondition(condition)
            : undefined;
  return found ?? unknownCondition(`the operator ${type} ${operation === '' ? '(none)' : operation}`, site);
}

const comparison = (
  operator: string | undefined,
  convert: string,
  left: Expr,
  right: Expr,
): Expr | undefined =>
  operator === undefined ? undefined : binary(converted(convert, left), operator, converted(convert, right));

/** Numbers that are written out need no conversion, also when the export writes them as text. */
function converted(convert: string, value: Expr): Expr {
  if (convert !== 'toNumber' || value.kind !== 'literal') return helper(convert, value);
  const number =
    typeof value.value === 'string' && value.value.trim() !== '' ? Number(value.value) : value.value;
  return typeof number === 'number' && Number.isFinite(number) ? literal(number) : helper(convert, value);
}

/** A date that is written out without a time zone is another instant on each machine. */
function timeComparison(
  operator: string | undefined,
  left: Expr,
  right: Expr,
  site: ComparisonSite,
): Expr | undefined {
  if (operator !== undefined && ![left, right].every(mayBeInstant)) {
    return unknownCondition('a date without a time zone', site);
  }
  return comparison(operator, 'toTime', left, right);
}

function equality(
  { left, right, type, ignoreCase }: Comparison,
  operator: string,
  site: ComparisonSite,
): Expr | undefined {
  switch (type) {
    case 'number':
      return comparison(operator, 'toNumber', left, right);
    case 'boolean': {
      const word = right.kind === 'literal' ? right.value : undefined;
      const known = word === 'true' ? true : word === 'false' ? false : word;
      return binary(left, operator, typeof known === 'boolean' ? literal(known) : right);
    }
    case 'string':
      return ignoreCase ? binary(lower(left), operator, lower(right)) : binary(left, operator, right);
    case 'dateTime':
      return timeComparison(operator, left, right, site);
    default:
      return undefined;
  }
}

/** The text of a value in lower case. */
export const lower = (value: Expr): Expr =>
  value.kind === 'literal' && typeof value.value === 'string'
    ? literal(value.value.toLowerCase())
    : methodCall(helper('toText', value), 'toLowerCase');

function textCondition(
  { left, right, operation, ignoreCase }: Comparison,
  site: ComparisonSite,
): Expr | undefined {
  const plain = (value: Expr) => (ignoreCase ? lower(value) : asText(value));
  const negative = /^(?:not|doesNot|isNot)(?=[A-Z])/.exec(operation)?.[0];
  const positive = (negative === undefined ? operation : operation.slice(negative.length)).toLowerCase();
  const methods: ReadonlyMap<string, string> = new Map([
    ['contains', 'includes'],
    ['startswith', 'startsWith'],
    ['endswith', 'endsWith'],
    ['contain', 'includes'],
    ['startwith', 'startsWith'],
    ['endwith', 'endsWith'],
  ]);
  const method = methods.get(positive);
  if (method !== undefined) {
    const found = methodCall(plain(left), method, plain(right));
    return negative === undefined ? found : not(found);
  }
  if (positive !== 'regex') return undefined;
  const pattern =
    right.kind === 'literal' && typeof right.value === 'string' ? regexOf(right.value) : undefined;
  if (pattern === undefined) return undefined;
  site.flag('null-on-error', 'a regular expression');
  const found = methodCall(pattern, 'test', ignoreCase ? lower(left) : helper('toText', left));
  return negative === undefined ? found : not(found);
}

/** A pattern as n8n writes it: `/…/flags`, or the source alone. */
function regexOf(text: string): Expr | undefined {
  const [, source = text, flags = ''] = /^\/(.*)\/([gimsuy]*)$/s.exec(text) ?? [];
  if (source === '') return undefined;
  try {
    // The source of the object has each slash escaped once, whether the export escapes it or not.
    return { kind: 'regex', source: new RegExp(source, flags).source, flags };
  } catch {
    return undefined;
  }
}

function arrayCondition({ left, right, operation }: Comparison): Expr | undefined {
  const items = helper('toList', left);
  if (operation === 'contains') return methodCall(items, 'includes', right);
  if (operation === 'notContains') return not(methodCall(items, 'includes', right));
  const length = /^length(Equals|NotEquals|Gt|Gte|Lt|Lte)$/.exec(operation)?.[1];
  if (length === undefined) return undefined;
  const operator = { Equals: '===', NotEquals: '!==' }[length] ?? numberOperators.get(length.toLowerCase());
  return operator === undefined
    ? undefined
    : comparison(operator, 'toNumber', memberOf(items, 'length'), right);
}
