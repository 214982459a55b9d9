import type { InternalCaller } from '@action-mesh/contracts';
import {
  webhookDeliveryQuerySchema,
  webhookLimits,
  webhookRedeliverySchema,
  type RedeliveredWebhooks,
  type WebhookDeliveryPage,
  type WebhookDeliveryView,
} from '@action-mesh/contracts/webhooks';
import { defined, newId, systemClock, type Clock } from '@action-mesh/kernel';

import { deliveryView } from '../../domain/endpoints/endpoint.js';
import { readEndpointForm } from '../../domain/endpoints/endpoint-request.js';
import { testWebhookBody } from '../../domain/endpoints/webhook-body.js';
import { EndpointConflictError, UnknownEndpointError } from '../../domain/webhooks.errors.js';
import { requireWebhooksAdmin } from './administer-endpoints.js';
import type { DeliverWebhook } from './deliver-webhook.js';
import type { DeliveryStore } from './delivery-store.port.js';

/** The parts that administer deliveries. */
export interface AdministerDeliveriesParts {
  readonly store: DeliveryStore;
  readonly deliver: Pick<DeliverWebhook, 'run'>;
  /** Deliveries are due now. */
  readonly onDue: () => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Shows the deliveries of the caller's tenant, and sends them again. Errors: `WEBHOOKS_MISSING_RIGHT`,
 * `WEBHOOKS_INVALID`, `WEBHOOKS_UNKNOWN`, `WEBHOOKS_CONFLICT`.
 */
export class AdministerDeliveries {
  readonly #parts: AdministerDeliveriesParts;

  constructor(parts: AdministerDeliveriesParts) {
    this.#parts = parts;
  }

  async list(caller: InternalCaller, endpointId: string, query: unknown): Promise<WebhookDeliveryPage> {
    requireWebhooksAdmin(caller);
    const wanted = readEndpointForm(webhookDeliveryQuerySchema, query);
    const name = { tenantId: caller.tenantId, id: endpointId };
    // One more than wanted tells whether another page follows.
    const found = await this.#parts.store.list(name, { ...wanted, limit: wanted.limit + 1 });
    if (found === undefined) throw new UnknownEndpointError('webhook endpoint');
    const page = found.slice(0, wanted.limit);
    return {
      deliveries: page.map(deliveryView),
      ...defined({ cursor: found.length > wanted.limit ? page.at(-1)?.id : undefined }),
    };
  }

  /** Sends a test at once, also to a disabled endpoint. The answer has the result. */
  async test(caller: InternalCaller, endpointId: string): Promise<WebhookDeliveryView> {
    requireWebhooksAdmin(caller);
    const { store, deliver, clock = systemClock } = this.#parts;
    const { tenantId } = caller;
    const id = newId();
    const body = testWebhookBody(endpointId, new Date(clock.now()).toISOString());
    const claimed = await store.claimTest({ tenantId, id: endpointId }, id, 'webhook.test', body);
    if (claimed === undefined) throw new UnknownEndpointError('webhook endpoint');
    await deliver.run(claimed);
    return this.#show(tenantId, id);
  }

  async redeliver(caller: InternalCaller, id: string): Promise<WebhookDeliveryView> {
    requireWebhooksAdmin(caller);
    const due = await this.#parts.store.redeliver(caller.tenantId, id);
    if (due === undefined) throw new UnknownEndpointError('webhook delivery');
    if (due === 'pending')
      throw new EndpointConflictError('the delivery is pending, so it is sent without this request');
    this.#parts.onDue();
    return deliveryView(due);
  }

  async redeliverTime(
    caller: InternalCaller,
    endpointId: string,
    body: unknown,
  ): Promise<RedeliveredWebhooks> {
    requireWebhooksAdmin(caller);
    const { from, to, statuses = ['failed', 'skipped'] } = readEndpointForm(webhookRedeliverySchema, body);
    const most = webhookLimits.redelivered;
    const name = { tenantId: caller.tenantId, id: endpointId };
    const redelivered = await this.#parts.store.redeliverTime({ ...name, from, to, statuses, most });
    if (redelivered === undefined) throw new UnknownEndpointError('webhook endpoint');
    const { count, nextFrom } = redelivered;
    if (count > 0) this.#parts.onDue();
    return { redelivered: count, has_more: count === most, ...defined({ next_from: nextFrom }) };
  }

  async #show(tenantId: string, id: string): Promise<WebhookDeliveryView> {
    const found = await this.#parts.store.find(tenantId, id);
    if (found === undefined) throw new UnknownEndpointError('webhook delivery');
    return deliveryView(found);
  }
}
