import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import type { CallRequest } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';

import type { CallRefusedError } from './admission.errors.js';

const mostProblemsTold = 5;

/** The grounds of a refusal. A {@link CallRefusedError} has them. */
type Grounds = Pick<CallRefusedError, 'message' | 'fix' | 'problems'> & { readonly refusal: string };

/** The outcome for a publisher whose call the mesh refuses. */
export function refusedOutcome(
  request: CallRequest & { readonly call_id: string },
  refused: Grounds,
  about: { readonly tenantId: string; readonly nowMs: number },
): OutcomeOfCall {
  const { agent } = request;
  const at = new Date(about.nowMs).toISOString();
  const problems = refused.problems
    .slice(0, mostProblemsTold)
    .map(({ pointer, message }) => ({ pointer, message }));
  const places = problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  return {
    call_id: request.call_id,
    replayed: false,
    seq: 1,
    tenant_id: about.tenantId,
    user_id: request.user_id,
    ...(agent === undefined
      ? {}
      : {
          agent: {
            id: agent.id,
            ...defined({ run_id: agent.run_id, step: agent.step }),
          },
        }),
    tool: request.tool,
    status: 'failed',
    error: {
      code: refused.refusal,
      category: 'request',
      message: places === '' ? refused.message : `${refused.message} ${places}`,
      fix: refused.fix,
      ...(problems.length === 0 ? {} : { errors: problems }),
    },
    attempts: 0,
    recovered: false,
    at,
    ended_at: at,
    duration_ms: 0,
  };
}
