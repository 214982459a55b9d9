import { MeshError } from '@action-mesh/kernel';

/** The provider simulator did not start, or refused a request. */
export class SimulatorError extends MeshError {
  readonly code = 'TESTING_SIMULATOR';
  readonly retry = 'defect';
}

/** A condition did not become true in time. */
export class WaitTimeoutError extends MeshError {
  readonly code = 'TESTING_WAIT_TIMEOUT';
  readonly retry = 'defect';
}

/** A test left sockets, servers, timers or child processes open. */
export class LeakError extends MeshError {
  readonly code = 'TESTING_LEAK';
  readonly retry = 'defect';
}
