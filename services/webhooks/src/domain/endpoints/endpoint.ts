import type {
  WebhookDeliveryStatus,
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookFilter,
} from '@action-mesh/contracts/webhooks';
import { defined } from '@action-mesh/kernel';

/** An endpoint in the record, without its secrets. */
export interface StoredEndpoint {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly description?: string;
  readonly filter: WebhookFilter;
  readonly disabled?: { readonly reason: 'gone' | 'failing'; readonly at: string };
  readonly failingSince?: string;
  readonly lastFailure?: string;
  readonly lastDeliveredAt?: string;
  readonly formerSecretUntil?: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A delivery in the record, without its body. */
export interface StoredDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly type: string;
  readonly callId?: string;
  readonly status: WebhookDeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt?: string;
  readonly lastAttemptAt?: string;
  readonly lastStatus?: number;
  readonly lastError?: string;
  readonly createdAt: string;
  readonly endedAt?: string;
}

/** The endpoint as its administrators see it. */
export function endpointView(stored: StoredEndpoint): WebhookEndpointView {
  return {
    id: stored.id,
    url: stored.url,
    filter: stored.filter,
    status: stored.disabled === undefined ? 'enabled' : 'disabled',
    created_by: stored.createdBy,
    created_at: stored.createdAt,
    updated_at: stored.updatedAt,
    ...defined({
      description: stored.description,
      disabled: stored.disabled && { ...stored.disabled },
      failing_since: stored.failingSince,
      last_failure: stored.lastFailure,
      last_delivered_at: stored.lastDeliveredAt,
      former_secret_until: stored.formerSecretUntil,
    }),
  };
}

/** The delivery as administrators see it. */
export function deliveryView(stored: StoredDelivery): WebhookDeliveryView {
  return {
    id: stored.id,
    endpoint_id: stored.endpointId,
    type: stored.type,
    status: stored.status,
    attempts: stored.attempts,
    created_at: stored.createdAt,
    ...defined({
      call_id: stored.callId,
      next_attempt_at: stored.nextAttemptAt,
      last_attempt_at: stored.lastAttemptAt,
      last_status_code: stored.lastStatus,
      last_error: stored.lastError,
      ended_at: stored.endedAt,
    }),
  };
}
