import { MeshError } from '@action-mesh/kernel';

/** The tenant has no such connect session, or its user is another. */
export class UnknownConnectSessionError extends MeshError {
  readonly code = 'AUTH_BROKER_UNKNOWN_CONNECT_SESSION';
  readonly retry = 'terminal';

  constructor() {
    super('there is no such connect session');
  }
}

/** The state of a connect session does not allow the action. The message has the next step. */
export class ConnectSessionConflictError extends MeshError {
  readonly code = 'AUTH_BROKER_CONNECT_SESSION_CONFLICT';
  readonly retry = 'terminal';
}
