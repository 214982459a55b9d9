import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError } from './gateway.errors.js';

/** The kind of the name that a request looks for. */
export type SoughtFlow = 'flow' | 'flow_run';

const listsOf: Readonly<Record<SoughtFlow, string>> = {
  flow: 'GET /v1/flows lists the deployed flows.',
  flow_run: 'GET /v1/flow-runs lists the runs.',
};

/** The refusal of the service for flows as an error for callers. */
export function flowRefused(
  status: number,
  {
    message,
    problems = [],
  }: { readonly message: string; readonly problems?: readonly RequestProblem[] | undefined },
  what: SoughtFlow,
): RequestRefusedError {
  if (status === 404) return flowNotFound(what);
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  if (status === 409)
    return new RequestRefusedError(
      'flow_run_conflict',
      text,
      'Look at the run with GET /v1/flow-runs/{run}.',
    );
  return new RequestRefusedError('invalid_request', text, 'Correct the members that "errors" names.', {
    problems,
  });
}

/** The refusal of an unknown name. It repeats no name. */
export function flowNotFound(what: SoughtFlow): RequestRefusedError {
  return new RequestRefusedError(
    `${what}_not_found`,
    what === 'flow' ? 'There is no such flow.' : 'There is no such run.',
    listsOf[what],
  );
}
