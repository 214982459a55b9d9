import type { Attempt, EgressRequest, ResponseHeaders } from '@action-mesh/egress';
import { defined, systemClock, type Clock } from '@action-mesh/kernel';

import type { WebhookMessage, WebhookSender } from '../../application/endpoints/webhook-sender.port.js';
import type { AttemptResult } from '../../domain/endpoints/delivery-end.js';
import { readRetryAfter } from './read-retry-after.js';

const deadlineMs = 15_000;
/** Answers are not kept. A longer one closes its connection. */
const mostBytes = 16_384;

/** The part of `Egress` that sends a message. */
export interface WebhookEgress {
  request(request: EgressRequest): Promise<Attempt>;
}

/**
 * Sends messages through the egress guard, because their addresses come from tenants. It follows no redirect. A failure
 * names its kind and the status alone: an answer of an inner network never reaches a tenant.
 */
export class EgressWebhookSender implements WebhookSender {
  readonly #egress: WebhookEgress;
  readonly #stop: AbortSignal;
  readonly #clock: Clock;

  constructor(egress: WebhookEgress, stop: AbortSignal, clock: Clock = systemClock) {
    this.#egress = egress;
    this.#stop = stop;
    this.#clock = clock;
  }

  async send({ url, headers, body }: WebhookMessage): Promise<AttemptResult | undefined> {
    const attempt = await this.#egress.request({
      method: 'POST',
      url,
      headers,
      body,
      deadlineMs,
      maxResponseBytes: mostBytes,
      signal: this.#stop,
    });
    if (attempt.kind !== 'response')
      return this.#stop.aborted ? undefined : { isDelivered: false, failure: attempt.message };
    const { status } = attempt;
    if (status >= 200 && status < 300) return { isDelivered: true, statusCode: status };
    return {
      isDelivered: false,
      statusCode: status,
      failure:
        status >= 300 && status < 400
          ? `the answer has the status ${status}; redirects are not followed`
          : `the answer has the status ${status}`,
      ...defined({ retryAfterMs: waitOf(attempt.headers, this.#clock.now()) }),
    };
  }
}

function waitOf(headers: ResponseHeaders, nowMs: number): number | undefined {
  return readRetryAfter(headers['retry-after'], nowMs);
}
