import { systemClock, type Clock } from '@action-mesh/kernel';

import { settleDelivery } from '../../domain/endpoints/delivery-end.js';
import type { Secrets } from '../secrets.port.js';
import type { ClaimedDelivery, DeliveryStore } from './delivery-store.port.js';
import { signWebhook } from './sign-webhook.js';
import type { WebhookSender } from './webhook-sender.port.js';

/** The parts that make one attempt. */
export interface DeliverWebhookParts {
  readonly store: Pick<DeliveryStore, 'settle'>;
  readonly secrets: Pick<Secrets, 'open'>;
  readonly sender: WebhookSender;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Makes one attempt of a claimed delivery and settles it.
 *
 * - WH2: an attempt without a settlement is repeated after its claim, with the same `webhook-id`.
 */
export class DeliverWebhook {
  readonly #parts: DeliverWebhookParts;

  constructor(parts: DeliverWebhookParts) {
    this.#parts = parts;
  }

  /** Resolves to whether the endpoint was disabled. */
  async run(claimed: ClaimedDelivery): Promise<boolean> {
    const { store, secrets, sender, clock = systemClock } = this.#parts;
    const { id, tenantId, endpointId, isTest, url, body } = claimed;
    const place = { tenantId, owner: ['endpoint', endpointId] as const };
    const opened = await Promise.all(claimed.secrets.map((sealed) => secrets.open(place, sealed)));
    const headers = signWebhook(id, body, opened, new Date(clock.now()));
    const result = await sender.send({ url, headers, body });
    if (result === undefined) return false;
    return store.settle(claimed, result, ({ nowMs, ...before }) =>
      settleDelivery({ isTest, ...before }, result, nowMs),
    );
  }
}
