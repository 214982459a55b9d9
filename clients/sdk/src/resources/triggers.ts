import { newCallId } from '../call-id.js';
import type { ApiAnswers, ApiBodies, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';

/**
 * Triggers: events from outside that agents wait for. Events come by Kafka; `@action-mesh/sdk/kafka` subscribes to
 * them.
 */
export class TriggersApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Reports an event. A repetition with the same `idempotencyKey` is the same event. */
  fire(
    trigger: string,
    event: ApiBodies['fireTrigger'],
    {
      idempotencyKey = newCallId(),
      ...options
    }: MeshRequestOptions & { readonly idempotencyKey?: string } = {},
  ): Promise<ApiSchemas['FiredTrigger']> {
    const headers = { 'idempotency-key': JSON.stringify(idempotencyKey) };
    const input = { ...options, path: { trigger }, headers, body: event, isRepeatable: true };
    return this.#api.call('fireTrigger', input);
  }

  list(options: MeshRequestOptions = {}): Promise<ApiAnswers['listTriggers']> {
    return this.#api.call('listTriggers', options);
  }

  get(trigger: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['Trigger']> {
    return this.#api.call('findTrigger', { ...options, path: { trigger } });
  }

  /** Declares a trigger, or changes it. */
  declare(
    trigger: string,
    declaration: ApiBodies['putTrigger'],
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['Trigger']> {
    return this.#api.call('putTrigger', { ...options, path: { trigger }, body: declaration });
  }

  async remove(trigger: string, options: MeshRequestOptions = {}): Promise<void> {
    await this.#api.call('removeTrigger', { ...options, path: { trigger } });
  }

  /** A page of deliveries of a trigger. */
  deliveries(
    trigger: string,
    query: ApiQueries['listDeliveries'] = {},
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['listDeliveries']> {
    return this.#api.call('listDeliveries', { ...options, path: { trigger }, query });
  }

  /** Tries a failed delivery again. */
  replay(
    trigger: string,
    deliveryId: string,
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['Delivery']> {
    return this.#api.call('replayDelivery', { ...options, path: { trigger, id: deliveryId } });
  }
}
