import type {
  WebhooksAnswer,
  WebhooksClient,
  WebhooksRequest,
} from '../../application/webhooks-client.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

const timeoutMs = 5_000;

/** Triggers and deliveries, over the internal API of the service for webhooks. */
export class WebhooksAdministration implements WebhooksClient {
  readonly #api: InternalApi;

  constructor(webhooks: ServiceAddress) {
    this.#api = new InternalApi({
      ...webhooks,
      timeoutMs,
      unavailable:
        'The webhooks service, which keeps triggers and their deliveries, cannot be reached now. Deliveries are taken without it.',
      fix: 'Check with a GET whether the change was made before you send it again.',
    });
  }

  ask(request: WebhooksRequest): Promise<WebhooksAnswer> {
    return this.#api.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }
}
