import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError } from './gateway.errors.js';

/** The rate governor's refusal as an error for callers. */
export function limitRefused(
  status: number,
  message: string,
  problems: readonly RequestProblem[] = [],
): RequestRefusedError {
  if (status === 409) {
    const fix = 'Change the limit in the source from which the rate governor reads it.';
    return new RequestRefusedError('limit_is_code', message, fix, { problems });
  }
  const refusal = status === 404 ? 'limit_not_found' : 'invalid_limit';
  return new RequestRefusedError(refusal, message, 'Look at the limits with GET /v1/limits.', { problems });
}
