import { triggerSlugSchema, type FiredTrigger } from '@action-mesh/contracts/gateway';
import type { Principal } from '@action-mesh/identity';
import { newId, type Clock, type JsonValue, type TraceContext } from '@action-mesh/kernel';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import type { EventLog } from './event-log.port.js';

/** Publishes an event from outside as a trigger for agents. */
export class FireTrigger {
  readonly #log: EventLog;
  readonly #clock: Clock;

  constructor(log: EventLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Throws `RequestRefusedError` for an invalid trigger name. Throws `MeshUnavailableError` when the log does not
   * confirm the trigger.
   */
  async execute(
    { tenantId }: Pick<Principal, 'tenantId'>,
    trigger: string,
    payload: JsonValue,
    trace: TraceContext,
  ): Promise<FiredTrigger> {
    if (!triggerSlugSchema.safeParse(trigger).success) {
      throw new RequestRefusedError(
        'invalid_trigger',
        'The name in the address is not a valid trigger name.',
        'Name the trigger in lower-case words joined by underscores, such as new_lead_created.',
      );
    }
    const fired: FiredTrigger = {
      trigger_id: newId(),
      tenant_id: tenantId,
      trigger,
      payload,
      received_at: new Date(this.#clock.now()).toISOString(),
    };
    await this.#log.triggerFired(fired, trace);
    return fired;
  }
}
