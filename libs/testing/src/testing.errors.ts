import { MeshError } from '@action-mesh/kernel';

/** The provider simulator could not be started or refused a question. */
export class SimulatorError extends MeshError {
  readonly code = 'TESTING_SIMULATOR';
  readonly retry = 'defect';
}

/** A condition did not come true in time. */
export class WaitTimeoutError extends MeshError {
  readonly code = 'TESTING_WAIT_TIMEOUT';
  readonly retry = 'defect';
}

/** A test left sockets, servers, timers or child processes behind. */
export class LeakError extends MeshError {
  readonly code = 'TESTING_LEAK';
  readonly retry = 'defect';
}
