import type { JsonValue } from '@action-mesh/kernel';

import { instantDate, mayBeInstant } from '../expressions/instants.js';
import {
  asText,
  binary,
  globalCall,
  helper,
  literal,
  methodCall,
  objectOf,
  type Expr,
} from '../model/expression.js';
import type { Hazard } from '../model/hazards.js';
import { recordOf, plainTextOf } from '../read/fields.js';
import type { ZapStep } from './zap.js';

type Value = (json: JsonValue | undefined) => Expr;

/** The result of a Formatter step; undefined for a transform without a translation. */
export function formatterValue({ params }: ZapStep, value: Value): Expr | undefined {
  const input = value(params['inputs'] ?? params['input']);
  switch (plainTextOf(params['transform'])) {
    case 'util.lookup': {
      const entries = Object.entries(recordOf(params['table'])).map(
        ([name, json]) => [name, value(json)] as const,
      );
      const table: Expr = {
        kind: 'new',
        name: 'Map',
        args: [globalCall('Object.entries', objectOf(entries))],
      };
      const found = methodCall(table, 'get', asText(input));
      return params['fallback'] === undefined ? found : binary(found, '??', value(params['fallback']));
    }
    case 'string.lowercase':
      return methodCall(asText(input), 'toLowerCase');
    case 'string.uppercase':
      return methodCall(asText(input), 'toUpperCase');
    case 'string.strip':
    case 'string.trim_whitespace':
      return methodCall(asText(input), 'trim');
    case 'string.default_value':
      return params['default_value'] === undefined
        ? undefined
        : helper('ifEmpty', input, value(params['default_value']));
    case 'string.url_encode':
      return globalCall('encodeURIComponent', asText(input));
    default:
      return undefined;
  }
}

const units: ReadonlyMap<string, string> = new Map([
  ['m', 'minutes'],
  ['h', 'hours'],
  ['d', 'days'],
  ['w', 'weeks'],
  ['minute', 'minutes'],
  ['hour', 'hours'],
  ['day', 'days'],
]);

/** The instant or the duration of a Delay step; undefined for a delay without a translation. */
export function sleepUntil(
  step: ZapStep,
  value: Value,
  flag: (hazard: Hazard, note?: string) => void,
): Expr | undefined {
  const { params, action } = step;
  if (action === 'delay_for') {
    const amount = Number(plainTextOf(params['delay_for_value'] ?? params['time_length']));
    const unit = (plainTextOf(params['delay_for_unit'] ?? params['time_unit']) ?? '').replace(/s$/, '');
    const name = units.get(unit);
    return Number.isFinite(amount) && name !== undefined ? objectOf([[name, literal(amount)]]) : undefined;
  }
  if (action !== 'delay_until') return undefined;
  const given = plainTextOf(params['delay_until_date']) ?? '';
  // A date may have an offset behind it: `{{date}} -1h`.
  const offset = /\s([+-])(\d{1,6})([mhdw])$/.exec(given);
  const date = offset === null ? given : given.slice(0, offset.index);
  if (date === '') return undefined;
  const time = value(date);
  if (!mayBeInstant(time)) return undefined;
  flag('timezone', 'the date to wait for is a text');
  if (offset === null) return instantDate(time);
  const amount = Number(`${offset[1] ?? ''}${offset[2] ?? ''}`);
  return helper('later', time, literal(amount), literal(units.get(offset[3] ?? '') ?? 'hours'));
}
