import { MeshError } from '@action-mesh/kernel';

/** Something must be installed before the infrastructure can start; the message says what. */
export class InfrastructureMissingError extends MeshError {
  readonly code = 'DEVSTACK_MISSING';
  readonly retry = 'terminal';
}

/** A component was started and did not come up; the message ends with the last lines of its log. */
export class ComponentStartError extends MeshError {
  readonly code = 'DEVSTACK_START_FAILED';
  readonly retry = 'retryable';

  constructor(
    readonly component: string,
    reason: string,
    logTail = '',
    options?: ErrorOptions,
  ) {
    super(`${component} did not start: ${reason}${logTail === '' ? '' : `\n${logTail}`}`, options);
  }
}

/** An address given by the environment does not answer. Names the variable, never its value. */
export class GivenComponentUnreachableError extends MeshError {
  readonly code = 'DEVSTACK_GIVEN_UNREACHABLE';
  readonly retry = 'retryable';

  constructor(
    readonly variable: string,
    reason: string,
  ) {
    super(`${variable} is set, but nothing usable answers there: ${reason}`);
  }
}

/** The processes of a run ended while something was still asked of them. */
export class RunEndedError extends MeshError {
  readonly code = 'DEVSTACK_RUN_ENDED';
  readonly retry = 'terminal';
}
