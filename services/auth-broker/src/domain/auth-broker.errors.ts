import { MeshError } from '@action-mesh/kernel';

/** A problem in one part of a request. */
export interface IdentityProblem {
  readonly pointer: string;
  readonly message: string;
}

/** An invalid request; `problems` has the reasons, by place and without values. */
export class InvalidIdentityError extends MeshError {
  readonly code = 'AUTH_BROKER_INVALID';
  readonly retry = 'terminal';
  readonly problems: readonly IdentityProblem[];

  constructor(problems: readonly IdentityProblem[]) {
    super(
      `the request is not valid: ${problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`,
    );
    this.problems = problems;
  }
}

/** The caller lacks a scope that the action needs. */
export class MissingRightError extends MeshError {
  readonly code = 'AUTH_BROKER_MISSING_RIGHT';
  readonly retry = 'terminal';
  /** The missing scopes. */
  readonly scopes: readonly string[];

  constructor(action: string, scopes: readonly string[]) {
    super(`${action} needs a key with ${scopes.join(', ')}`);
    this.scopes = scopes;
  }
}

/**
 * There is no such key, switch, policy, tenant, provider, integration or connection for the caller. The message never
 * repeats the id from the path, because a caller may have written a whole key there.
 */
export class UnknownIdentityError extends MeshError {
  readonly code = 'AUTH_BROKER_UNKNOWN';
  readonly retry = 'terminal';

  constructor(kind: 'key' | 'switch' | 'policy' | 'tenant' | 'provider' | 'integration' | 'connection') {
    super(`there is no such ${kind}`);
  }
}

/** The state of the record does not allow the action. The message has the next step. */
export class IdentityConflictError extends MeshError {
  readonly code = 'AUTH_BROKER_CONFLICT';
  readonly retry = 'terminal';
}

/** A variable of the environment holds a key that this record cannot take. */
export class BootstrapKeyError extends MeshError {
  readonly code = 'AUTH_BROKER_BOOTSTRAP_KEY';
  readonly retry = 'terminal';
}
