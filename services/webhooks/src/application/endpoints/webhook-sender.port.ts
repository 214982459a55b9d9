import type { AttemptResult } from '../../domain/endpoints/delivery-end.js';

/** One signed message. */
export interface WebhookMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one message once. Never rejects. `undefined`: the service stops, and nothing is known. */
export interface WebhookSender {
  send(message: WebhookMessage): Promise<AttemptResult | undefined>;
}

export const WebhookSender = Symbol('WebhookSender');
