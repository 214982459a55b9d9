import { triggerSlugSchema, type FiredTrigger } from '@action-mesh/contracts/gateway';
import type { Principal } from '@action-mesh/identity';
import { newId, type Clock, type JsonValue, type TraceContext } from '@action-mesh/kernel';
import type { TriggerDirectory } from '@action-mesh/triggers';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import type { EventLog } from './event-log.port.js';

/** Publishes an event from outside as a trigger for agents and mappings. An API key proves its sender. */
export class FireTrigger {
  readonly #log: EventLog;
  readonly #triggers: Pick<TriggerDirectory, 'find'>;
  readonly #clock: Clock;

  constructor(log: EventLog, triggers: Pick<TriggerDirectory, 'find'>, clock: Clock) {
    this.#log = log;
    this.#triggers = triggers;
    this.#clock = clock;
  }

  /**
   * `deliveryId` is the sender's id of the event, which repetitions share. Throws `RequestRefusedError` for an invalid
   * trigger name, and for a trigger that signatures open. Throws `MeshUnavailableError` when the log does not confirm the
   * trigger.
   */
  async execute(
    { tenantId }: Pick<Principal, 'tenantId'>,
    trigger: string,
    { payload, deliveryId }: { readonly payload: JsonValue; readonly deliveryId: string | undefined },
    trace: TraceContext,
  ): Promise<FiredTrigger> {
    if (!triggerSlugSchema.safeParse(trigger).success) {
      throw new RequestRefusedError(
        'invalid_trigger',
        'The name in the address is not a valid trigger name.',
        'Name the trigger in lower-case words joined by underscores, such as new_lead_created.',
      );
    }
    const declared = this.#triggers.find(tenantId, trigger);
    if (declared !== undefined && declared.scheme !== 'api_key') {
      throw new RequestRefusedError(
        'trigger_needs_signature',
        'The trigger takes signed requests alone.',
        'Send signed requests to the url of the trigger, or declare it with the scheme api_key.',
      );
    }
    const id = newId();
    const fired: FiredTrigger = {
      trigger_id: id,
      tenant_id: tenantId,
      trigger,
      scheme: 'api_key',
      delivery_id: deliveryId ?? id,
      payload,
      received_at: new Date(this.#clock.now()).toISOString(),
    };
    await this.#log.triggerFired(fired, trace);
    return fired;
  }
}
