import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** A place in a request that is not right. */
export interface SettingProblem {
  readonly pointer: string;
  readonly message: string;
}

/** The settings of a trigger are not right. Nothing was changed. */
export class InvalidTriggerError extends MeshError {
  readonly code = 'WEBHOOKS_INVALID_TRIGGER';
  readonly retry: RetryClass = 'terminal';
  readonly problems: readonly SettingProblem[];

  constructor(message: string, problems: readonly SettingProblem[]) {
    super(message);
    this.problems = problems;
  }
}

/** The tenant has no such trigger. */
export class UnknownTriggerError extends MeshError {
  readonly code = 'WEBHOOKS_UNKNOWN_TRIGGER';
  readonly retry: RetryClass = 'terminal';

  constructor() {
    super('there is no such trigger');
  }
}

/** The trigger has no such delivery. */
export class UnknownDeliveryError extends MeshError {
  readonly code = 'WEBHOOKS_UNKNOWN_DELIVERY';
  readonly retry: RetryClass = 'terminal';

  constructor() {
    super('there is no such delivery');
  }
}

/** The request is right, and the present state does not allow it. */
export class TriggerConflictError extends MeshError {
  readonly code = 'WEBHOOKS_TRIGGER_CONFLICT';
  readonly retry: RetryClass = 'terminal';
}
