import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError } from './gateway.errors.js';

/** The kind of the name that a request looks for in the record of triggers. */
export type SoughtTrigger = 'trigger' | 'delivery';

/** The reason of the webhooks service for a refusal, in its own words. */
export interface TriggerRefusal {
  readonly message: string;
  readonly problems?: readonly RequestProblem[] | undefined;
}

const listsOf: Readonly<Record<SoughtTrigger, string>> = {
  trigger: 'GET /v1/triggers lists the triggers. PUT /v1/triggers/{name} declares one.',
  delivery: 'GET /v1/triggers/{name}/deliveries lists the deliveries of a trigger.',
};

/** The refusal of the webhooks service as an error for callers. */
export function triggerRefused(
  status: number,
  { message, problems = [] }: TriggerRefusal,
  what: SoughtTrigger,
): RequestRefusedError {
  if (status === 404) return triggerNotFound(what);
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  if (status === 409) return new RequestRefusedError('trigger_conflict', text, listsOf[what], { problems });
  return new RequestRefusedError('invalid_request', text, 'Correct the members that "errors" names.', {
    problems,
  });
}

/** The refusal of an unknown name. It repeats no name. */
export function triggerNotFound(what: SoughtTrigger): RequestRefusedError {
  return new RequestRefusedError(`${what}_not_found`, `There is no such ${what}.`, listsOf[what]);
}
