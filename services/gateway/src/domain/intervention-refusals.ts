import type { InterventionRefused } from '@action-mesh/contracts/executor';

import { RequestRefusedError } from './gateway.errors.js';

/** What to do instead of what the ledger refuses. */
const fixes: Readonly<Record<InterventionRefused['code'], string>> = {
  call_not_waiting: 'Look at the call with GET /v1/calls/{id}; only a call that waits can be moved.',
  call_already_sent:
    'A request may have left, so nobody can take the call back. Wait for its outcome, and compensate it if need be.',
  call_already_ended:
    'Look at its outcome with GET /v1/calls/{id}; undo it with POST /v1/calls/{id}/compensate.',
  verdict_not_needed: 'Look at the call with GET /v1/calls/{id}; only what needs a person takes a verdict.',
};

/** The ledger's refusal, as callers see it. */
export function interventionRefused({ code, message, state }: InterventionRefused): RequestRefusedError {
  const sentence = message.endsWith('.') ? message : `${message}.`;
  return new RequestRefusedError(code, `${sentence} The call is ${state}.`, fixes[code]);
}

/** For a call of nobody. */
export function callNotFound(): RequestRefusedError {
  return new RequestRefusedError(
    'call_not_found',
    'The mesh knows no call of this id.',
    'Check the id; it is the call_id of the answer to the request that made the call.',
  );
}

/** For a call that is not dead. */
export function deadLetterNotFound(): RequestRefusedError {
  return new RequestRefusedError(
    'dead_letter_not_found',
    'No call of this id is in the dead letter queue.',
    'List the queue with GET /v1/dead-letters; GET /v1/calls/{id} says how any call stands.',
  );
}

/** For undoing what has not happened. */
export function notSucceeded(state: string): RequestRefusedError {
  return new RequestRefusedError(
    'call_not_succeeded',
    `Only what has happened can be undone. The call is ${state}.`,
    'Wait for its outcome, or cancel it with POST /v1/calls/{id}/cancel.',
  );
}

/** For another attempt at what may have happened. */
export function verdictNeeded(): RequestRefusedError {
  return new RequestRefusedError(
    'verdict_needed',
    'Nobody knows whether the call happened, so another one like it may be one too many.',
    'Look at the provider whether it happened, and say so with POST /v1/calls/{id}/resolve.',
  );
}

/** For undoing a call whose tool names no other for that. */
export function notCompensable(tool: string): RequestRefusedError {
  return new RequestRefusedError(
    'not_compensable',
    `What the tool ${tool} does cannot be undone by the mesh: it names no tool for that.`,
    'Undo it at the provider, or give the tool a compensation.',
  );
}
