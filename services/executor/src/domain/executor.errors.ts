import { MeshError } from '@action-mesh/kernel';

/** Nothing was written, and the same may work later: PostgreSQL does not answer, or this instance's lease is over. */
export class LedgerUnavailableError extends MeshError {
  readonly code = 'EXECUTOR_LEDGER_UNAVAILABLE';
  readonly retry = 'retryable';
}

/** The state machine refused a command that the code believed to be possible. */
export class ImpossibleTransitionError extends MeshError {
  readonly code = 'EXECUTOR_IMPOSSIBLE_TRANSITION';
  readonly retry = 'defect';
}

/** This executor's settings would end calls differently from those of the running executors. */
export class PolicyConflictError extends MeshError {
  readonly code = 'EXECUTOR_POLICY_CONFLICT';
  readonly retry = 'terminal';
}

/** The arguments of a proxied call make no request. */
export class ProxyRequestError extends MeshError {
  readonly code = 'EXECUTOR_PROXY_REQUEST';
  readonly retry = 'terminal';
}
