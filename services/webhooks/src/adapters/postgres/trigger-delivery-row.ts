import type { AcceptedCall, FiredTrigger } from '@action-mesh/contracts/gateway';
import type { DeliveryState, DeliveryView } from '@action-mesh/contracts/webhooks';
import { defined } from '@action-mesh/kernel';

import type { ClaimedTriggerDelivery } from '../../application/trigger-deliveries.port.js';

/** A row of `delivery`, for its tenant. */
export interface TriggerDeliveryRow {
  readonly id: string;
  readonly name: string;
  readonly delivery_id: string;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly call_ids: readonly string[];
  readonly replays: number;
  readonly received_at: Date;
  readonly updated_at: Date;
}

/** The columns of a {@link TriggerDeliveryRow}. */
export const triggerDeliveryColumns =
  'id, name, delivery_id, state, reason, detail, call_ids, replays, received_at, updated_at';

/** A claimed row. */
export interface ClaimedRow {
  readonly event: string;
  readonly traceparent: string | null;
  readonly plan: string | null;
  readonly claims: number;
}

export function deliveryViewOf(row: TriggerDeliveryRow): DeliveryView {
  return {
    id: row.id,
    trigger: row.name,
    delivery_id: row.delivery_id,
    state: row.state,
    ...defined({ reason: row.reason ?? undefined, detail: row.detail ?? undefined }),
    call_ids: [...row.call_ids],
    replays: row.replays,
    received_at: row.received_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** This service wrote the texts itself. */
export function claimedDeliveryOf(row: ClaimedRow): ClaimedTriggerDelivery {
  return {
    event: JSON.parse(row.event) as FiredTrigger,
    traceparent: row.traceparent ?? undefined,
    plan: row.plan === null ? undefined : (JSON.parse(row.plan) as AcceptedCall[]),
    claim: row.claims,
  };
}
