import { MeshError } from '@action-mesh/kernel';
import type { NotSent } from './attempt.js';

/** An egress policy that cannot be read. Thrown when an `Egress` is built, never by a request. */
export class EgressPolicyError extends MeshError {
  readonly code = 'EGRESS_POLICY';
  readonly retry = 'terminal';
}

/** Carries a `not_sent` through undici, from the connector to the request. Never leaves this library. */
export class ConnectFailure extends MeshError {
  readonly code = 'EGRESS_CONNECT';
  readonly retry = 'retryable';

  constructor(readonly attempt: NotSent) {
    super(attempt.detail);
  }
}
