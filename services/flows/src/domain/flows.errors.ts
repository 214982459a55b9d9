import { MeshError } from '@action-mesh/kernel';

/** The mesh refused the call of a step, so nothing was sent. */
export class StepRefusedError extends MeshError {
  readonly code = 'FLOWS_STEP_REFUSED';
  readonly retry = 'terminal';
}

/** The code of a flow breaks a rule about steps. */
export class FlowCodeError extends MeshError {
  readonly code = 'FLOWS_WRONG_CODE';
  readonly retry = 'terminal';
}

/** A flow ended its run by `run.fail`. */
export class RunFailedError extends MeshError {
  readonly code = 'FLOWS_RUN_FAILED';
  readonly retry = 'terminal';
}

/** A flow uses a part of the authoring API that the runtime does not have. */
export class UnsupportedStepError extends MeshError {
  readonly code = 'FLOWS_UNSUPPORTED_STEP';
  readonly retry = 'terminal';
}

/** The record or the log does not answer. The same work can be tried again. */
export class FlowsUnavailableError extends MeshError {
  readonly code = 'FLOWS_UNAVAILABLE';
  readonly retry = 'retryable';
}

/** A bundle of flows cannot be loaded. */
export class FlowBundleError extends MeshError {
  readonly code = 'FLOWS_BUNDLE';
  readonly retry = 'terminal';
}

/** The run, or the flow, does not exist for this tenant. */
export class UnknownRunError extends MeshError {
  readonly code = 'FLOWS_UNKNOWN_RUN';
  readonly retry = 'terminal';
}

/** The state of the run does not allow the act. */
export class RunConflictError extends MeshError {
  readonly code = 'FLOWS_RUN_CONFLICT';
  readonly retry = 'terminal';
}

/** A request about flows has a wrong form. */
export class InvalidFlowRequestError extends MeshError {
  readonly code = 'FLOWS_INVALID_REQUEST';
  readonly retry = 'terminal';
}
