import type { AuthBrokerAnswer, AuthBrokerRequest } from '../../application/auth-broker-client.port.js';
import type { WebhookEndpointsClient } from '../../application/webhook-endpoints-client.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

/** A test waits for the answer of the endpoint, 15 s at most. */
const timeoutMs = 20_000;

/** Webhook endpoints, over the internal API of the webhooks service. */
export class WebhookEndpointsApi implements WebhookEndpointsClient {
  readonly #api: InternalApi;

  constructor(webhooks: ServiceAddress, stop: AbortSignal) {
    this.#api = new InternalApi({
      ...webhooks,
      timeoutMs,
      stop,
      unavailable:
        'The webhooks service, which keeps webhook endpoints, cannot be reached now. Calls do not depend on it, and their outcomes are delivered when it is back.',
      fix: 'Check with a GET whether the change was made before you send it again.',
    });
  }

  ask(request: AuthBrokerRequest): Promise<AuthBrokerAnswer> {
    return this.#api.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }
}
