import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError } from './gateway.errors.js';

/** The rate governor's refusal, as callers see it. */
export function limitRefused(
  status: number,
  message: string,
  problems: readonly RequestProblem[] = [],
): RequestRefusedError {
  if (status === 409) {
    const fix = 'Change the limit where the rate governor reads it from.';
    return new RequestRefusedError('limit_is_code', message, fix, { problems });
  }
  const refusal = status === 404 ? 'limit_not_found' : 'invalid_limit';
  return new RequestRefusedError(refusal, message, 'Look at the limits with GET /v1/limits.', { problems });
}
