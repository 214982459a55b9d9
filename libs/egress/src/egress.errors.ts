import { MeshError } from '@action-mesh/kernel';
import type { NotSent } from './attempt.js';

/** The egress policy cannot be read. The constructor of `Egress` throws it; a request never does. */
export class EgressPolicyError extends MeshError {
  readonly code = 'EGRESS_POLICY';
  readonly retry = 'terminal';
}

/** Carries a `not_sent` through undici, from the connector to the request. Never leaves this library. */
export class ConnectFailure extends MeshError {
  readonly code = 'EGRESS_CONNECT';
  readonly retry = 'retryable';

  readonly attempt: NotSent;

  constructor(attempt: NotSent) {
    super(attempt.detail);
    this.attempt = attempt;
  }
}
