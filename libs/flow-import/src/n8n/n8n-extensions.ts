import { asInstant, instantDate } from '../expressions/instants.js';
import {
  binary,
  globalCall,
  helper,
  literal,
  memberOf,
  methodCall,
  not,
  type Expr,
} from '../model/expression.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import type { N8nPlace } from './n8n-scope.js';

const fixedUnits = new Set(['seconds', 'minutes', 'hours', 'days', 'weeks']);
const plural = (unit: string) => (unit.endsWith('s') ? unit : `${unit}s`);

/**
 * The methods that n8n and Luxon add to values. Undefined: the name is no such method. Throws `UntranslatableError` for
 * the ones without a translation.
 */
export function extensionMethod(
  of: Expr,
  name: string,
  args: readonly Expr[],
  place: N8nPlace,
): Expr | undefined {
  const [first] = args;
  switch (name) {
    case 'isEmpty':
      return helper('isEmpty', of);
    case 'isNotEmpty':
      return not(helper('isEmpty', of));
    case 'toJsonString':
      return globalCall('JSON.stringify', of);
    case 'parseJson':
      return helper('parseJson', of);
    case 'toNumber':
    case 'toFloat':
      return helper('toNumber', of);
    case 'toInt':
      return globalCall('Math.trunc', helper('toNumber', of));
    case 'toBoolean':
      return helper('toBoolean', of);
    case 'base64Encode':
      return helper('base64', of);
    case 'urlEncode':
      return globalCall('encodeURIComponent', helper('toText', of));
    case 'unique':
    case 'removeDuplicates':
      return helper('unique', of, ...args);
    case 'first':
      return { kind: 'index', of, index: literal(0) };
    case 'last':
      return methodCall(of, 'at', literal(-1));
    case 'round':
      return globalCall('Math.round', helper('toNumber', of));
    case 'length':
      return memberOf(of, 'length');
    case 'toDateTime':
      return instantDate(asInstant(of));
    case 'toISO':
      place.flag('timezone', 'a time as ISO text: UTC here');
      return methodCall(instantDate(asInstant(of)), 'toISOString');
    case 'toMillis':
      return helper('toTime', asInstant(of));
    case 'toISODate':
      return dateFormat(of, literal('yyyy-MM-dd'), place);
    case 'toFormat':
    case 'format':
      return dateFormat(of, first ?? literal("yyyy-MM-dd'T'HH:mm:ss"), place);
    case 'plus':
    case 'minus':
      return moved(of, name === 'plus' ? 1 : -1, args);
    default:
      return undefined;
  }
}

function dateFormat(of: Expr, format: Expr, { timezone, flag }: N8nPlace): Expr {
  if (format.kind !== 'literal' || typeof format.value !== 'string') {
    throw new UntranslatableError('a date format that is computed');
  }
  // Tokens of Luxon beyond days, months, years and times of day.
  if (/[EcoqQWkGZzSnTtFfDX]/.test(format.value.replaceAll(/'[^']*'/g, ''))) {
    throw new UntranslatableError('a date format with other tokens than years, months, days and times');
  }
  if (timezone === undefined) flag('timezone', 'a date as text: UTC here');
  const zone = timezone === undefined ? [] : [literal(timezone)];
  return helper('dateText', asInstant(of), format, literal('luxon'), ...zone);
}

function moved(of: Expr, sign: number, args: readonly Expr[]): Expr {
  const [amount, unit] = args;
  if (amount?.kind === 'object') {
    return amount.members.reduce<Expr>((date, member) => {
      if (!('name' in member)) throw new UntranslatableError('a computed duration');
      return shifted(date, sign, member.value, member.name);
    }, of);
  }
  if (amount === undefined || unit?.kind !== 'literal' || typeof unit.value !== 'string') {
    throw new UntranslatableError('a computed duration');
  }
  return shifted(of, sign, amount, unit.value);
}

function shifted(of: Expr, sign: number, amount: Expr, unit: string): Expr {
  const name = plural(unit);
  if (!fixedUnits.has(name))
    throw new UntranslatableError(`a duration in ${name}, which have no fixed length`);
  const number = amount.kind === 'literal' && typeof amount.value === 'number' ? amount.value : undefined;
  const by =
    number === undefined ? (sign < 0 ? binary(literal(0), '-', amount) : amount) : literal(sign * number);
  return helper('later', asInstant(of), by, literal(name));
}
