import { FlowValueError, toTime } from '@action-mesh/flow-api';

import { helper, type Expr } from '../model/expression.js';
import { UntranslatableError } from '../read/flow-import.errors.js';

/** The date of a value. A run stops at a text that is no instant, instead of going on with a guess. */
export const instantDate = (value: Expr): Expr => ({
  kind: 'new',
  name: 'Date',
  args: [helper('toTime', value)],
});

/** A value that later steps read as an instant. Throws `UntranslatableError` for one that is written out and is none. */
export function asInstant(value: Expr): Expr {
  if (!mayBeInstant(value)) throw new UntranslatableError('a date without a time zone');
  return value;
}

/** Whether a value can be an instant. A date that is written out needs a form that names one instant. */
export function mayBeInstant(value: Expr): boolean {
  if (value.kind !== 'literal') return true;
  try {
    toTime(value.value);
    return true;
  } catch (error) {
    if (error instanceof FlowValueError) return false;
    throw error;
  }
}
