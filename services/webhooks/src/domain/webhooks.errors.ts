import { MeshError } from '@action-mesh/kernel';

/** A problem in one part of a request for an endpoint. */
export interface EndpointProblem {
  readonly pointer: string;
  readonly message: string;
}

/** An invalid request; `problems` has the reasons, by place and without values. */
export class InvalidEndpointError extends MeshError {
  readonly code = 'WEBHOOKS_INVALID';
  readonly retry = 'terminal';
  readonly problems: readonly EndpointProblem[];

  constructor(problems: readonly EndpointProblem[]) {
    super(
      `the request is not valid: ${problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}`,
    );
    this.problems = problems;
  }
}

/** There is no such endpoint or delivery for the caller. */
export class UnknownEndpointError extends MeshError {
  readonly code = 'WEBHOOKS_UNKNOWN';
  readonly retry = 'terminal';

  constructor(kind: 'webhook endpoint' | 'webhook delivery') {
    super(`there is no such ${kind}`);
  }
}

/** The state of the endpoint or delivery does not allow the action. The message has the next step. */
export class EndpointConflictError extends MeshError {
  readonly code = 'WEBHOOKS_CONFLICT';
  readonly retry = 'terminal';
}

/** The caller lacks the scope `webhooks:admin`. */
export class EndpointRightError extends MeshError {
  readonly code = 'WEBHOOKS_MISSING_RIGHT';
  readonly retry = 'terminal';
  readonly scopes: readonly string[] = ['webhooks:admin'];

  constructor() {
    super('the administration of webhook endpoints needs a key with webhooks:admin');
  }
}

/** The record of deliveries cannot be reached now. The same outcomes can be recorded later. */
export class DeliveryRecordUnavailableError extends MeshError {
  readonly code = 'WEBHOOKS_RECORD_UNAVAILABLE';
  readonly retry = 'retryable';

  constructor(cause: unknown) {
    super('the record of webhook deliveries cannot be reached', { cause });
  }
}
