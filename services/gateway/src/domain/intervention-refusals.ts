import type { InterventionRefused } from '@action-mesh/contracts/executor';
import type { DerivationProblem } from '@action-mesh/tools';

import { RequestRefusedError } from './gateway.errors.js';

/** The fix for each refusal of the ledger. */
const fixes: Readonly<Record<InterventionRefused['code'], string>> = {
  call_not_waiting: 'Look at the call with GET /v1/calls/{id}. Only a waiting call can be rescheduled.',
  call_already_sent:
    'A request may have left, so the call cannot be cancelled any more. Wait for its outcome, and compensate it if necessary.',
  call_already_ended:
    'Look at the outcome with GET /v1/calls/{id}. Undo the call with POST /v1/calls/{id}/compensate.',
  verdict_not_needed:
    'Look at the call with GET /v1/calls/{id}. Only a call that needs a person takes a verdict.',
};

/** The ledger's refusal as an error for callers. */
export function interventionRefused({ code, message, state }: InterventionRefused): RequestRefusedError {
  const sentence = message.endsWith('.') ? message : `${message}.`;
  return new RequestRefusedError(code, `${sentence} The call is ${state}.`, fixes[code]);
}

/** The refusal of an unknown call. */
export function callNotFound(): RequestRefusedError {
  return new RequestRefusedError(
    'call_not_found',
    'The mesh knows no call with this id.',
    'Check the id. It is the call_id in the answer to the request that made the call.',
  );
}

/** The refusal of a call that is not dead. */
export function deadLetterNotFound(): RequestRefusedError {
  return new RequestRefusedError(
    'dead_letter_not_found',
    'The dead letter queue has no call with this id.',
    'List the queue with GET /v1/dead-letters. GET /v1/calls/{id} shows the state of any call.',
  );
}

/** The refusal to undo a call that has not succeeded. */
export function notSucceeded(state: string): RequestRefusedError {
  return new RequestRefusedError(
    'call_not_succeeded',
    `Only a call that has happened can be undone. The call is ${state}.`,
    state === 'REHEARSED'
      ? 'A call of the mode dry_run or shadow sends nothing, so there is nothing to undo.'
      : 'Wait for its outcome, or cancel it with POST /v1/calls/{id}/cancel.',
  );
}

/** The refusal of another attempt when the call may have happened. */
export function verdictNeeded(): RequestRefusedError {
  return new RequestRefusedError(
    'verdict_needed',
    'It is unknown whether the call happened, so another attempt could repeat its effect.',
    'Check at the provider whether it happened, and report the answer with POST /v1/calls/{id}/resolve.',
  );
}

/** The refusal to undo a call when its tool names no compensation. */
export function notCompensable(tool: string): RequestRefusedError {
  return new RequestRefusedError(
    'not_compensable',
    `The mesh cannot undo a call of the tool ${tool}: the tool names no compensation.`,
    'Undo it at the provider, or give the tool a compensation.',
  );
}

/** The refusal to undo a call whose arguments and result do not give the exact arguments of the undoing call. */
export function notDerivable(problems: readonly DerivationProblem[]): RequestRefusedError {
  return new RequestRefusedError(
    'not_compensable',
    'The call cannot be undone. Its arguments and its result do not give the exact arguments of the undoing call.',
    'Undo it at the provider, or call the undoing tool yourself.',
    { problems },
  );
}
