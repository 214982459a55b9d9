import type { ToolRegistry } from '@action-mesh/admission';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { IdentityDirectory, KillSwitches } from '@action-mesh/identity';
import type { Clock } from '@action-mesh/kernel';

import { planCalls, type CallPlan } from '../domain/planned-calls.js';
import type { CallLog } from './call-log.port.js';
import type {
  ClaimedTriggerDelivery,
  TriggerDeliveryEnd,
  TriggerDeliveries,
} from './trigger-deliveries.port.js';
import type { Mapper } from './mapper.port.js';
import type { TriggerStore } from './trigger-store.port.js';

/** Their mappings take a few seconds at most, and a claim lasts for 30 s. */
const claimAtOnce = 16;
/** Claims after which a delivery without a plan is given up. */
const mostClaims = 5;

interface StartDeliveriesParts {
  readonly deliveries: TriggerDeliveries;
  readonly triggers: Pick<TriggerStore, 'find'>;
  readonly mapper: Pick<Mapper, 'map'>;
  readonly tools: Pick<ToolRegistry, 'find' | 'findIfAny'>;
  readonly tenants: Pick<IdentityDirectory, 'tenant'>;
  readonly switches: Pick<KillSwitches, 'areOn' | 'covering'>;
  readonly calls: CallLog;
  readonly clock: Clock;
  readonly onError: (error: unknown, id: string) => void;
}

/**
 * Starts the calls of recorded deliveries.
 *
 * - SD1: the calls are on disk before the first of them leaves, so a repetition sends the same calls under the same ids.
 * - SD2: all calls of a delivery start, or none; a failed delivery names its reason, and delays no other one.
 */
export class StartDeliveries {
  readonly #parts: StartDeliveriesParts;

  constructor(parts: StartDeliveriesParts) {
    this.#parts = parts;
  }

  /** Returns the number of deliveries on which it worked. */
  async run(): Promise<number> {
    const { deliveries, onError } = this.#parts;
    const claimed = await deliveries.claim(claimAtOnce);
    await Promise.all(
      claimed.map((delivery) =>
        // An outage: the delivery is claimed again when this claim is over.
        this.#start(delivery).catch((error: unknown) => onError(error, delivery.event.trigger_id)),
      ),
    );
    return claimed.length;
  }

  async #start(delivery: ClaimedTriggerDelivery): Promise<void> {
    const { deliveries, calls } = this.#parts;
    const plan = delivery.plan ?? (await this.#planOrGiveUp(delivery));
    if ('state' in plan) {
      await deliveries.finish(delivery, plan);
      return;
    }
    if (delivery.plan === undefined && !(await deliveries.savePlan(delivery, plan))) return;
    await calls.accepted(plan, delivery.traceparent);
    await deliveries.finish(delivery, { state: 'started' });
  }

  /** A delivery whose plan fails again and again is given up, so it costs no more work. */
  async #planOrGiveUp(
    delivery: ClaimedTriggerDelivery,
  ): Promise<readonly AcceptedCall[] | TriggerDeliveryEnd> {
    try {
      return await this.#plan(delivery);
    } catch (error) {
      if (delivery.claim < mostClaims) throw error;
      this.#parts.onError(error, delivery.event.trigger_id);
      const detail = 'the service has a defect, and its log has the error; replay the delivery later';
      return { state: 'failed', reason: 'not_startable', detail };
    }
  }

  async #plan({ event }: ClaimedTriggerDelivery): Promise<readonly AcceptedCall[] | TriggerDeliveryEnd> {
    const { triggers, tenants, mapper, tools, clock } = this.#parts;
    if (tenants.tenant(event.tenant_id) === undefined)
      return skipped('tenant_unknown', 'the tenant was removed');
    const trigger = await triggers.find(event.tenant_id, event.trigger);
    if (trigger === undefined) return skipped('trigger_unknown', 'the trigger was removed');
    const { settings } = trigger;
    if (settings.calls === undefined) return skipped('no_calls', 'the trigger starts no calls');
    const mapped = await mapper.map(settings.calls, event);
    if (!mapped.ok) return { state: 'failed', reason: mapped.reason, detail: mapped.detail };
    if (mapped.results.length === 0) return skipped('nothing_to_do', 'no entry of the mapping applies');
    const plan = planCalls(mapped.results, { settings, event, tools, nowMs: clock.now() });
    const switched = plan.ok ? this.#switchedOff(plan) : undefined;
    if (switched !== undefined) return switched;
    return plan.ok ? plan.calls : { state: 'failed', reason: plan.reason, detail: plan.detail };
  }

  #switchedOff({ calls }: Extract<CallPlan, { ok: true }>): TriggerDeliveryEnd | undefined {
    const { switches, tools } = this.#parts;
    if (!switches.areOn) return undefined;
    for (const { tenant_id, user_id, agent, tool } of calls) {
      const covering = switches.covering({
        tenantId: tenant_id,
        userId: user_id,
        agentId: agent?.id,
        tool: tool.slug,
        provider: tools.findIfAny(tool.slug, tool.version)?.tool.provider.slug,
      });
      if (covering !== undefined) {
        const detail = `the kill switch ${covering.id} stops a call: ${covering.reason}; replay the delivery after its lift`;
        return { state: 'failed', reason: 'switched_off', detail };
      }
    }
    return undefined;
  }
}

function skipped(reason: string, detail: string): TriggerDeliveryEnd {
  return { state: 'skipped', reason, detail };
}
