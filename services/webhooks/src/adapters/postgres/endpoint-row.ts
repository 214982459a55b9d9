import { webhookFilterSchema } from '@action-mesh/contracts/webhooks';
import { defined } from '@action-mesh/kernel';

import type { StoredDelivery, StoredEndpoint } from '../../domain/endpoints/endpoint.js';

/** The columns of an endpoint without its secrets. */
export interface EndpointRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly url: string;
  readonly description: string | null;
  readonly users: string[] | null;
  readonly agents: string[] | null;
  readonly runs: string[] | null;
  readonly triggers: string[] | null;
  readonly tools: string[] | null;
  readonly statuses: string[] | null;
  readonly former_until: Date | null;
  readonly disabled_at: Date | null;
  readonly disabled_reason: 'gone' | 'failing' | null;
  readonly failing_since: Date | null;
  readonly last_failure: string | null;
  readonly last_delivered_at: Date | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** The columns of an `EndpointRow`. A secret whose overlap is over does not count. */
export const endpointColumns = `id, tenant_id, url, description, users, agents, runs, triggers, tools, statuses,
  CASE WHEN former_until > now() THEN former_until END AS former_until, disabled_at, disabled_reason, failing_since,
  last_failure, last_delivered_at, created_by, created_at, updated_at`;

export function storedEndpointOf(row: EndpointRow): StoredEndpoint {
  const { users, agents, runs, triggers, tools, statuses } = row;
  const filter = Object.entries({ users, agents, runs, triggers, tools, statuses }).filter(
    ([, value]) => value !== null,
  );
  return {
    id: row.id,
    tenantId: row.tenant_id,
    url: row.url,
    filter: webhookFilterSchema.parse(Object.fromEntries(filter)),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...defined({
      description: row.description ?? undefined,
      disabled:
        row.disabled_at === null
          ? undefined
          : { reason: row.disabled_reason ?? 'failing', at: row.disabled_at.toISOString() },
      failingSince: row.failing_since?.toISOString(),
      lastFailure: row.last_failure ?? undefined,
      lastDeliveredAt: row.last_delivered_at?.toISOString(),
      formerSecretUntil: row.former_until?.toISOString(),
    }),
  };
}

/** The columns of a delivery without its body. */
export interface DeliveryRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly call_id: string | null;
  readonly type: string;
  readonly status: StoredDelivery['status'];
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly last_attempt_at: Date | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

/** The columns of a `DeliveryRow`. */
export const deliveryColumns = `id, endpoint_id, call_id, type, status, attempts, next_attempt_at, last_attempt_at, last_status,
  last_error, created_at, ended_at`;

export function storedDeliveryOf(row: DeliveryRow): StoredDelivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    ...defined({
      callId: row.call_id ?? undefined,
      nextAttemptAt: row.next_attempt_at?.toISOString(),
      lastAttemptAt: row.last_attempt_at?.toISOString(),
      lastStatus: row.last_status ?? undefined,
      lastError: row.last_error ?? undefined,
      endedAt: row.ended_at?.toISOString(),
    }),
  };
}
